/// A recursive-descent reader of JSON texts.
///
/// The reader is the position and the depth; the bytes are lent to each call, so that nothing of
/// the text is copied except the strings that come out of it.
struct JSONParser {
    /// The byte to look at next.
    var position = 0

    /// How many arrays and objects may be inside one another.
    private let depthMax: Int
    /// How many more may be opened.
    var depthLeft: Int

    init(depthMax: Int) {
        self.depthMax = depthMax
        depthLeft = depthMax
    }

    /// Reads a whole text: one value with nothing but white space around it.
    mutating func document(in bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        let value = try value(in: bytes)
        skipWhitespace(in: bytes)
        guard position == bytes.count else { throw unexpected("the end of the text", in: bytes) }
        return value
    }

    /// Reads one value, with the white space before it.
    mutating func value(in bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        skipWhitespace(in: bytes)
        switch peek(in: bytes) {
        case UInt8(ascii: "\""): return .string(try string(in: bytes))
        case UInt8(ascii: "{"): return .object(try object(in: bytes))
        case UInt8(ascii: "["): return .array(try array(in: bytes))
        case UInt8(ascii: "t"): return try literal("true", .bool(true), in: bytes)
        case UInt8(ascii: "f"): return try literal("false", .bool(false), in: bytes)
        case UInt8(ascii: "n"): return try literal("null", .null, in: bytes)
        default: return .number(JSONNumber(validated: try numberText(in: bytes)))
        }
    }

    private mutating func literal(
        _ spelling: StaticString,
        _ value: JSONValue,
        in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONValue {
        for expected in spelling.description.utf8 {
            guard peek(in: bytes) == expected else { throw unexpected("\(spelling)", in: bytes) }
            position += 1
        }
        return value
    }

    private mutating func array(in bytes: Span<UInt8>) throws(JSONError) -> [JSONValue] {
        try open(in: bytes)
        defer { depthLeft += 1 }
        var elements: [JSONValue] = []
        if closes(with: UInt8(ascii: "]"), in: bytes) { return elements }
        while true {
            elements.append(try value(in: bytes))
            if closes(with: UInt8(ascii: "]"), in: bytes) { return elements }
            try expect(UInt8(ascii: ","), "',' or ']'", in: bytes)
        }
    }

    private mutating func object(in bytes: Span<UInt8>) throws(JSONError) -> JSONObject {
        try open(in: bytes)
        defer { depthLeft += 1 }
        var object = JSONObject()
        if closes(with: UInt8(ascii: "}"), in: bytes) { return object }
        while true {
            let key = try key(in: bytes)
            object.read(key, try value(in: bytes))
            if closes(with: UInt8(ascii: "}"), in: bytes) { return object }
            try expect(UInt8(ascii: ","), "',' or '}'", in: bytes)
        }
    }

    private mutating func key(in bytes: Span<UInt8>) throws(JSONError) -> String {
        skipWhitespace(in: bytes)
        guard peek(in: bytes) == UInt8(ascii: "\"") else { throw unexpected("a key", in: bytes) }
        let key = try string(in: bytes)
        skipWhitespace(in: bytes)
        try expect(UInt8(ascii: ":"), "':'", in: bytes)
        return key
    }

    /// Steps over the opening bracket, unless the text is too deep.
    private mutating func open(in bytes: Span<UInt8>) throws(JSONError) {
        guard depthLeft > 0 else {
            throw error("arrays and objects are nested too deeply (max: \(depthMax))")
        }
        depthLeft -= 1
        position += 1
    }

    private mutating func closes(with bracket: UInt8, in bytes: Span<UInt8>) -> Bool {
        skipWhitespace(in: bytes)
        guard peek(in: bytes) == bracket else { return false }
        position += 1
        return true
    }

    private mutating func expect(
        _ byte: UInt8,
        _ name: StaticString,
        in bytes: Span<UInt8>
    ) throws(JSONError) {
        guard peek(in: bytes) == byte else { throw unexpected("\(name)", in: bytes) }
        position += 1
    }
}

extension JSONParser {
    /// The next byte, or 0 at the end; 0 itself is not allowed anywhere in a JSON text.
    func peek(in bytes: Span<UInt8>) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    mutating func skipWhitespace(in bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    func error(_ message: String) -> JSONError {
        JSONError(offset: position, message: message)
    }

    func unexpected(_ expected: String, in bytes: Span<UInt8>) -> JSONError {
        guard position < bytes.count else {
            return error("expected \(expected), but the text ends")
        }
        let byte = bytes[position]
        let isPrintable = (0x21..<0x7F).contains(byte)
        let found = isPrintable ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
        return error("expected \(expected), found \(found)")
    }
}
