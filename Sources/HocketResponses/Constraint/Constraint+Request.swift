import Harmony
import HocketWire
import OpenAIAPI

extension Constraint {
    /// What a worker is told that a round's output must be, where there are workers of several
    /// kinds that can do all that is asked for besides.
    ///
    /// A constraint is a convenience, since the output is checked in any case: so no more is told
    /// than a single one of them offers, and most where one offers structural tags.
    ///
    /// - Parameter sets: what each kind of them can do.
    init?(
        _ request: ResponsesRequest,
        tools: ToolCatalog,
        after items: [ResponseItem],
        offeredBy sets: [Capabilities]
    ) {
        let byTags = sets.filter { $0.contains(.constraintStructuralTag) }
        let others = sets.filter { !$0.contains(.constraintStructuralTag) }
        for offered in byTags + others {
            let constraint = Constraint(request, tools: tools, after: items, offered: offered)
            guard let constraint else { continue }
            self = constraint
            return
        }
        return nil
    }

    /// What a worker is told that a round's output must be; nil if it need not be anything, or if
    /// no worker can see to it.
    ///
    /// | asked for | told, where it is offered |
    /// |---|---|
    /// | a call (`tool_choice`), not made yet | a structural tag: reasoning, then such a call |
    /// | exact arguments (`strict`) | a structural tag: calls and the answer by their schemas |
    /// | a JSON schema (`text.format`) | the schema, for the final channel |
    /// | a JSON object (`text.format`) | any object, for the final channel |
    ///
    /// The first row that applies is told. A worker that constrains nothing but whole outputs is
    /// told nothing: Harmony's own tokens would not fit a schema. Whatever is told or not, the
    /// response's machine checks the output, so nothing here is a promise to the caller.
    ///
    /// - Parameters:
    ///   - tools: the tools that the model is shown.
    ///   - items: what the response holds so far; a call that was demanded may be among them.
    ///   - offered: what the worker can do.
    init?(
        _ request: ResponsesRequest,
        tools: ToolCatalog,
        after items: [ResponseItem],
        offered: Capabilities
    ) {
        let answer = request.text.format.schema
        let plain = Constraint(request.text.format, offered: offered)
        guard offered.contains(.constraintStructuralTag) else {
            guard let plain else { return nil }
            self = plain
            return
        }
        let demanded = tools.demanded(by: request, after: items)
        if !demanded.isEmpty {
            self.init(StructuralTag(callingOneOf: demanded))
        } else if tools.entries.contains(where: \.isStrict) || plain == nil && answer != nil {
            self.init(StructuralTag(calling: tools.entries, answer: answer))
        } else if let plain {
            self = plain
        } else {
            return nil
        }
    }

    /// The constraint of an answer alone.
    private init?(_ format: TextFormat, offered: Capabilities) {
        guard offered.contains(.constraintFinalChannel) else { return nil }
        switch format {
        case .jsonSchema(let format) where offered.contains(.constraintJSONSchema):
            self.init(.jsonSchema(Array(format.schema.compact.utf8)), start: .finalChannel)
        case .jsonObject where offered.contains(.constraintJSONObject):
            self.init(.jsonObject, start: .finalChannel)
        case .text, .jsonSchema, .jsonObject: return nil
        }
    }

    private init(_ tag: StructuralTag) {
        self.init(.structuralTag(tag.json), start: .firstToken)
    }
}

extension TextFormat {
    /// The schema that an answer follows, nil if it may be any text.
    fileprivate var schema: JSONValue? {
        switch self {
        case .text: nil
        case .jsonObject: ["type": "object"]
        case .jsonSchema(let format): format.schema
        }
    }
}
