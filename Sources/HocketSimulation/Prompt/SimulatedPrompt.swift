import Harmony

/// What a worker can read in a prompt's token ids, and nothing more.
struct SimulatedPrompt {
    /// The result of a call.
    struct Result: Hashable {
        /// The tool, as it is called, without `functions.`.
        var tool: String
        /// What it gave.
        var text: String
    }

    /// The finished messages.
    private let messages: [Message]

    init(_ tokens: [TokenID]) {
        var parser = HarmonyParser(startingAs: nil)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens, into: &collector)
        messages = collector.messages
    }

    /// What the last message says that is not the model's own.
    var lastText: String {
        messages.last { $0.role != .assistant }?.text ?? ""
    }

    /// What the user said last; without a user, ``lastText``.
    var request: String {
        messages.last { $0.role == .user }?.text ?? lastText
    }

    /// Everything that developers said, tools and formats included.
    var instructions: String {
        messages.filter { $0.role == .developer }.map(\.text).joined(separator: "\n\n")
    }

    /// How much the model shall think.
    var effort: ReasoningEffort {
        let system = messages.first { $0.role == .system }?.text ?? ""
        return [.low, .high].first { system.contains("Reasoning: \($0.rawValue)") } ?? .medium
    }

    /// The built-in tools, and those of the last developer message that declares any.
    var tools: [DeclaredTool] {
        let system = messages.first { $0.role == .system }?.text ?? ""
        let texts = messages.reversed().filter { $0.role == .developer }.map(\.text)
        let functions = texts.lazy.map(DeclaredTool.all).first { !$0.isEmpty } ?? []
        return DeclaredTool.builtIns(in: system) + functions
    }

    /// The schema that the answer shall fit, by the section of response formats.
    var responseSchema: JSONValue? {
        guard let section = instructions.ranges(of: "# Response Formats\n\n## ").last else {
            return nil
        }
        // The name, an empty line, the description as comments, then the schema on one line.
        let lines = instructions[section.upperBound...].split(separator: "\n").dropFirst()
        let schema = lines.first { !$0.hasPrefix("//") }
        return schema.flatMap { try? JSONValue(parsing: String($0)) }
    }

    /// The messages since the user spoke last.
    private var turn: ArraySlice<Message> {
        messages[((messages.lastIndex { $0.role == .user } ?? -1) + 1)...]
    }

    /// The tools that were called since the user spoke last.
    var calledTools: Set<String> {
        Set(turn.compactMap { $0.recipient?.isTool == true ? $0.recipient?.functionName : nil })
    }

    /// What those calls gave, if the last message is such a result.
    var results: [Result] {
        guard turn.last?.role == .tool else { return [] }
        return turn.filter { $0.role == .tool }.map {
            Result(tool: Recipient(rawValue: $0.name ?? "").functionName, text: $0.text)
        }
    }
}

extension Message {
    /// The content as one text.
    fileprivate var text: String {
        content.reduce(into: "") { text, content in
            if case .text(let part) = content { text += part }
        }
    }
}

extension Recipient {
    /// The name after `functions.`.
    fileprivate var functionName: String {
        let prefix = "functions."
        return String(rawValue.hasPrefix(prefix) ? rawValue.dropFirst(prefix.count) : rawValue[...])
    }
}
