import Harmony
import OpenAIAPI

/// An open item, as far as its events have told it.
struct ItemGrammar {
    /// What an item of one type may have inside.
    struct Shape {
        /// Its delta events.
        let delta: String
        /// The event that ends its text.
        let done: String
        /// The key of its text in that event and, without parts, in the item.
        let textKey: String
        /// The type of its part, nil if it has none.
        let part: String?
    }

    /// How far the item's text is.
    enum Stage: Hashable {
        case added
        case partAdded
        case textDone
        case partDone
    }

    let item: JSONValue
    let shape: Shape
    var stage = Stage.added
    var text = ""
    var deltaCount = 0
    /// A summary of reasoning, as far as its events have told it.
    struct Summary {
        var stage = Stage.partAdded
        var text = ""
    }

    /// Summaries, in their order.
    var summaries: [Summary] = []
    /// The log probabilities of the deltas.
    var logprobs: [JSONValue] = []

    init?(_ item: JSONValue, in dialect: ResponseDialect) {
        guard let shape = Self.shape(of: item["type"]?.string, in: dialect) else { return nil }
        self.item = item
        self.shape = shape
    }

    private static func shape(of type: String?, in dialect: ResponseDialect) -> Shape? {
        switch type {
        case "message": Shape("response.output_text", "text", part: "output_text")
        case "reasoning" where dialect == .openAI:
            Shape("response.reasoning_text", "text", part: "reasoning_text")
        case "reasoning": Shape("response.reasoning", "text", part: "reasoning_text")
        case "function_call": Shape("response.function_call_arguments", "arguments")
        case "custom_tool_call": Shape("response.custom_tool_call_input", "input")
        default: nil
        }
    }

    /// The text of a finished item.
    func text(of item: JSONValue) -> String? {
        guard let part = shape.part else { return item[shape.textKey]?.string }
        let first = item["content"]?.array?.first
        return first?["type"]?.string == part ? first?["text"]?.string : nil
    }
}

extension ItemGrammar.Shape {
    init(_ event: String, _ textKey: String, part: String? = nil) {
        self.init(
            delta: event + ".delta",
            done: event + ".done",
            textKey: textKey,
            part: part
        )
    }
}
