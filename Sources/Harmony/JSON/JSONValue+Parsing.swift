extension JSONValue {
    /// How many arrays and objects may be inside one another, unless the caller says otherwise.
    public static let depthMaxDefault = 128

    /// Parses one JSON text of UTF-8 bytes, strictly by RFC 8259.
    ///
    /// White space may surround the value; anything else after it is an error, and so are a byte
    /// order mark, a comment or a trailing comma. The escape of a surrogate without its partner
    /// becomes U+FFFD, since a `String` cannot hold it. Takes time linear in the size of the text.
    ///
    /// - Parameters:
    ///   - utf8: The text.
    ///   - depthMax: How many arrays and objects may be inside one another.
    /// - Throws: ``JSONError`` with the offset of the first byte that cannot be accepted.
    public init(
        parsing utf8: Span<UInt8>,
        depthMax: Int = JSONValue.depthMaxDefault
    ) throws(JSONError) {
        var parser = JSONParser(depthMax: depthMax)
        self = try parser.document(in: utf8)
    }

    /// Parses one JSON text of UTF-8 bytes held in an array.
    ///
    /// - Throws: ``JSONError`` with the offset of the first byte that cannot be accepted.
    public init(
        parsing utf8: [UInt8],
        depthMax: Int = JSONValue.depthMaxDefault
    ) throws(JSONError) {
        try self.init(parsing: utf8.span, depthMax: depthMax)
    }

    /// Parses one JSON text held in a string; offsets in errors count UTF-8 bytes.
    ///
    /// - Throws: ``JSONError`` with the offset of the first byte that cannot be accepted.
    public init(
        parsing text: String,
        depthMax: Int = JSONValue.depthMaxDefault
    ) throws(JSONError) {
        try self.init(parsing: text.utf8.span, depthMax: depthMax)
    }
}
