import Harmony
import OpenAIAPI

/// What a model's turn must look like, from its first token to its last, in the JSON of XGrammar's
/// structural tags (version 2: `tag`, `or`, `sequence`, `tags_with_separator`, `json_schema`).
///
/// The texts are Harmony's, special tokens by name. The turn follows `<|start|>assistant`, which
/// ends the prompt.
struct StructuralTag {
    private let format: JSONValue

    /// A turn that calls one of these tools, at once or after reasoning.
    ///
    /// It can hold no answer and no preamble, and no second call: a call ends the turn.
    init(callingOneOf tools: [ToolCatalog.Entry]) {
        let call = Self.or(tools.map(Self.call))
        let reasonedCall: JSONValue = [
            "type": "sequence",
            "elements": [
                Self.reasoning, ["type": "const_string", "value": .string(Self.opening)], call,
            ],
        ]
        format = Self.or([call, reasonedCall])
    }

    /// A turn of any messages, in which calls and the answer follow their schemas.
    ///
    /// - Parameter answer: the answer's schema; nil if it may be any text.
    init(calling tools: [ToolCatalog.Entry], answer: JSONValue?) {
        let beside = [Self.reasoning, Self.preamble, Self.answer(answer)]
        format = [
            "type": "tags_with_separator",
            "tags": .array(beside + tools.map(Self.call)),
            "separator": .string(Self.opening),
            "at_least_one": true,
            "stop_after_first": false,
        ]
    }

    /// The tag as JSON text.
    var json: [UInt8] {
        let tag: JSONValue = ["type": "structural_tag", "format": format]
        return Array(tag.compact.utf8)
    }

    // MARK: Messages

    /// What stands between two messages of a turn.
    private static let opening = "<|start|>assistant"
    private static let anyText: JSONValue = ["type": "any_text"]

    private static let reasoning = tag(
        "<|channel|>analysis<|message|>",
        anyText,
        "<|end|>"
    )
    private static let preamble = tag(
        "<|channel|>commentary<|message|>",
        anyText,
        "<|end|>"
    )

    private static func answer(_ schema: JSONValue?) -> JSONValue {
        let content = schema.map(json(by:)) ?? anyText
        return tag("<|channel|>final<|message|>", content, "<|return|>")
    }

    /// A call; where the caller did not ask for exact arguments, any object is one, since its
    /// schema may be beyond what the worker's engine knows.
    ///
    /// Built-in tools are called where the model reasons; code is any text.
    private static func call(_ tool: ToolCatalog.Entry) -> JSONValue {
        if let builtIn = tool.builtIn {
            return tag(
                "<|channel|>analysis to=\(builtIn.rawValue) code<|message|>",
                builtIn == .python ? anyText : json(by: ["type": "object"]),
                "<|call|>"
            )
        }
        let schema = tool.isStrict ? tool.parameters : nil
        return tag(
            "<|channel|>commentary to=functions.\(tool.description.name) "
                + "<|constrain|>json<|message|>",
            json(by: schema ?? ["type": "object"]),
            "<|call|>"
        )
    }

    // MARK: Formats

    private static func tag(_ begin: String, _ content: JSONValue, _ end: String) -> JSONValue {
        ["type": "tag", "begin": .string(begin), "content": content, "end": .string(end)]
    }

    private static func json(by schema: JSONValue) -> JSONValue {
        ["type": "json_schema", "json_schema": schema]
    }

    private static func or(_ formats: [JSONValue]) -> JSONValue {
        formats.count == 1 ? formats[0] : ["type": "or", "elements": .array(formats)]
    }
}
