public import Harmony

/// One part of a message's content, or of a tool's output.
public enum ContentPart: Hashable, Sendable {
    /// Text that somebody sent to the model.
    case inputText(String)
    /// Text that the model wrote, and how likely its tokens were if that was asked for.
    case outputText(String, logprobs: [TokenLogprob] = [])
    /// The model's words when it declined.
    case refusal(String)
    /// An image. The models served here cannot see; the part is kept for echoing.
    case inputImage(JSONObject)
    /// A file. The models served here read text only; the part is kept for echoing.
    case inputFile(JSONObject)

    /// The text of the part, nil for images and files.
    public var text: String? {
        switch self {
        case .inputText(let text), .outputText(let text, _), .refusal(let text): text
        case .inputImage, .inputFile: nil
        }
    }
}

extension ContentPart {
    /// Reads a part; annotations that come back with one are dropped.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "input_text", "text": self = .inputText(try reader.requiredString("text"))
        case "output_text":
            let logprobs = reader.value("logprobs")?.array ?? []
            self = .outputText(
                try reader.requiredString("text"),
                logprobs: logprobs.compactMap(TokenLogprob.init)
            )
        case "refusal": self = .refusal(try reader.requiredString("refusal"))
        case "input_image": self = .inputImage(reader.object)
        case "input_file": self = .inputFile(reader.object)
        default:
            throw .invalidChoice(reader.path(of: "type"), type, of: Self.types)
        }
    }

    private static let types = [
        "input_text", "output_text", "refusal", "input_image", "input_file",
    ]

    /// Writes the part as an element of `content`.
    func write(to json: inout JSONWriter) {
        switch self {
        case .inputText(let text):
            json.object { json in
                json.member("type", "input_text")
                json.member("text", text)
            }
        case .outputText(let text, let logprobs):
            Self.writeOutputText(text, logprobs, to: &json)
        case .refusal(let text):
            json.object { json in
                json.member("type", "refusal")
                json.member("refusal", text)
            }
        case .inputImage(let object), .inputFile(let object): json.value(.object(object))
        }
    }

    private static func writeOutputText(
        _ text: String,
        _ logprobs: [TokenLogprob],
        to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("type", "output_text")
            json.member("text", text)
            json.member("annotations", literal: "[]")
            json.member("logprobs", logprobs)
        }
    }
}
