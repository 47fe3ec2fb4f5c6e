import Harmony
import HocketWire
import HocketWorker

/// What the final answer must look like.
enum AnswerForm {
    /// Any text.
    case text
    /// JSON that fits a schema.
    case json(JSONValue, Material)
    /// This text.
    case choice(String)

    /// The form that a constraint demands, or without one the prompt's response format.
    ///
    /// - Throws: ``WorkerError`` for constraints that would need an engine of grammars.
    init(
        _ constraint: Constraint?,
        _ turn: AllowedTurn?,
        _ prompt: SimulatedPrompt
    ) throws(WorkerError) {
        let material = Material(prompt.request)
        switch (constraint?.kind, constraint?.start) {
        case (.structuralTag?, _):
            if case .json(let schema)? = turn?.answer {
                self = .json(schema, material)
            } else {
                self = .text
            }
        case (nil, _):
            self = prompt.responseSchema.map { .json($0, material) } ?? .text
        case (.jsonSchema(let schema)?, .finalChannel?):
            self = .json(try Self.parse(schema), material)
        case (.jsonObject?, .finalChannel?):
            self = .json(prompt.responseSchema ?? ["type": "object"], material)
        case (.choice(let texts)?, .finalChannel?):
            self = .choice(String(decoding: texts.first ?? [], as: UTF8.self))
        case (.some, _):
            throw WorkerError(.unimplemented, "the simulation has no engine for this constraint")
        }
    }

    /// Whether any text is in this form.
    var isFree: Bool {
        if case .text = self { true } else { false }
    }

    /// The answer in this form.
    func answer(_ speech: AnswerText) -> String {
        switch self {
        case .text: return speech.answer
        case .choice(let text): return text
        case .json(let schema, let material):
            var maker = ValueMaker(schema, of: material)
            return maker.value().compact
        }
    }

    private static func parse(_ schema: [UInt8]) throws(WorkerError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: schema)
        } catch {
            throw WorkerError(.invalidArgument, "the constraint's schema is no JSON: \(error)")
        }
    }
}
