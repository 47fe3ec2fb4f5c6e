import Harmony

/// What form the answer shall have.
public struct TextOptions: Hashable, Sendable {
    /// How long the answer shall be.
    public enum Verbosity: String, Hashable, Sendable, CaseIterable {
        /// Short.
        case low
        /// The default.
        case medium
        /// Long.
        case high
    }

    /// The form of the answer.
    public var format: TextFormat
    /// How long the answer shall be.
    public var verbosity: Verbosity

    /// Creates options.
    public init(format: TextFormat = .text, verbosity: Verbosity = .medium) {
        self.format = format
        self.verbosity = verbosity
    }
}

extension TextOptions {
    /// Reads the `text` parameter.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        self.init(
            format: try reader.optional("format", TextFormat.init(_:at:)) ?? .text,
            verbosity: try reader.choice("verbosity") ?? .medium
        )
    }

    /// Writes the echo.
    ///
    /// `verbosity` is always there, since null is refused by strict readers.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("format") { json in format.write(to: &json) }
            json.member("verbosity", verbosity.rawValue)
        }
    }
}
