import Harmony

/// What an answer must be for the response to be complete.
///
/// A worker that can constrain its sampling never fails this; one that cannot must not have its
/// answer passed off as what was asked for.
enum AnswerCheck: Hashable, Sendable {
    /// Any JSON.
    case json
    /// A JSON object.
    case object
    /// JSON by a schema.
    case schema(JSONSchema)

    /// The check that a format asks for, nil for plain text.
    ///
    /// Without `strict` a schema is advice, and only JSON is a promise; ``advice(of:)`` is the
    /// schema then.
    init?(_ format: TextFormat) {
        switch format {
        case .text: return nil
        case .jsonObject: self = .object
        case .jsonSchema(let format):
            self = format.strict == true ? .schema(JSONSchema(format.schema)) : .json
        }
    }

    /// What a format asks for without making it a promise: that the answer follows its schema.
    ///
    /// An answer that does not is complete all the same, but somebody should know.
    static func advice(of format: TextFormat) -> AnswerCheck? {
        guard case .jsonSchema(let format) = format, format.strict != true else { return nil }
        return .schema(JSONSchema(format.schema))
    }

    /// Why a text that begins with this byte is not what was asked for, whatever follows; nil if
    /// it may be.
    func violation(inTextBeginningWith byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
            UInt8(ascii: "{"):
            return nil
        case UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "t"), UInt8(ascii: "f"),
            UInt8(ascii: "n"):
            return self == .object ? "The answer is not a JSON object." : nil
        default: return "The answer is not the JSON that was asked for."
        }
    }

    /// Why a text is not what was asked for, nil if it is.
    func violation(in text: String) -> String? {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            return "The answer is not the JSON that was asked for: \(error)."
        }
        switch self {
        case .json: return nil
        case .object where value.object == nil: return "The answer is not a JSON object."
        case .object: return nil
        case .schema(let schema): return Self.violation(in: value, of: schema)
        }
    }

    private static func violation(in value: JSONValue, of schema: JSONSchema) -> String? {
        do throws(SchemaViolation) {
            try schema.check(value)
            return nil
        } catch {
            return "The answer does not follow its schema: \(error)"
        }
    }
}
