import Harmony

/// Which tools a user's text asks for.
///
/// - A tool is named when the text has all words of its name, those of fewer than four letters
///   apart: "the weather" names `get_weather`. All tools that are named are called.
/// - If none is, and nothing was called yet, the first tool is called of whose description's
///   first line at least half of the words of five letters or more are in the text.
/// - If none is either, a tool that says that it gives the final answer is called instead of
///   answering.
struct ToolWish {
    /// The tools to call, in the order of their declaration; empty to answer.
    let tools: [DeclaredTool]

    init(_ prompt: SimulatedPrompt) {
        let called = prompt.calledTools
        let open = prompt.tools.filter { !called.contains($0.calledName) }
        let words = Set(prompt.request.words)
        let named = open.filter { $0.isNamed(in: words) }
        let described = called.isEmpty ? open.first { $0.isDescribed(in: words) } : nil
        let last = described ?? open.first(where: \.endsConversation)
        tools = named.isEmpty ? [last].compactMap(\.self) : named
    }
}

extension DeclaredTool {
    fileprivate func isNamed(in text: Set<String>) -> Bool {
        let words = name.words
        let long = words.filter { $0.count >= 4 }
        return text.isSuperset(of: long.isEmpty ? words : long)
    }

    fileprivate func isDescribed(in text: Set<String>) -> Bool {
        let line = description.split(separator: "\n").first ?? ""
        let words = Set(line.words.filter { $0.count >= 5 })
        return !words.isEmpty && words.intersection(text).count * 2 >= words.count
    }

    fileprivate var endsConversation: Bool {
        let words = Set(description.words)
        return words.contains("final")
            && !words.isDisjoint(with: ["answer", "output", "response", "result"])
    }
}
