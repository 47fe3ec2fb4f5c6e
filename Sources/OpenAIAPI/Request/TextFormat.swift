import Harmony

/// The form of an answer.
public enum TextFormat: Hashable, Sendable {
    /// Any text.
    case text
    /// Any JSON object.
    case jsonObject
    /// JSON that a schema describes.
    case jsonSchema(JSONSchemaFormat)
}

extension TextFormat {
    /// Reads a format; a schema's members stand beside its type.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "text": self = .text
        case "json_object": self = .jsonObject
        case "json_schema": self = .jsonSchema(try JSONSchemaFormat(reader))
        default:
            let types = ["text", "json_object", "json_schema"]
            throw .invalidChoice(reader.path(of: "type"), type, of: types)
        }
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .text: json.member("type", "text")
            case .jsonObject: json.member("type", "json_object")
            case .jsonSchema(let format):
                json.member("type", "json_schema")
                format.writeMembers(to: &json)
            }
        }
    }
}
