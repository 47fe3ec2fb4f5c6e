public import Harmony

/// A JSON schema, by which a finished value is checked.
///
/// The keywords are those that structured output is asked for with: types, `enum`, `const`,
/// objects, arrays, bounds, combinations and local references (JSON Schema 2020-12). Others,
/// `pattern` and `format` among them, are not looked at: a check that guesses is worse than none.
public struct JSONSchema: Hashable, Sendable {
    /// The most steps of one check.
    ///
    /// Schemas can be written whose check takes exponential time, or never ends. A value whose
    /// check goes beyond the limits counts as valid, since nothing else is known of it.
    public static let stepsMax = 100_000
    /// The most checks inside one another, references included.
    public static let depthMax = 512

    /// The schema as it was written.
    public let root: JSONValue

    /// Creates a schema.
    public init(_ root: JSONValue) {
        self.root = root
    }

    /// Checks a value.
    ///
    /// - Throws: The first ``SchemaViolation``, in the order of the schema.
    public func check(_ value: JSONValue) throws(SchemaViolation) {
        var checker = SchemaChecker(root: root)
        try checker.check(value, by: root, at: "$")
    }
}
