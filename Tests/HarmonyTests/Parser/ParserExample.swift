import Foundation
import Harmony
import Testing

/// A block of repairs.txt: a stream that is not quite Harmony, and what becomes of it.
///
/// ```
/// # What is wrong (where users met it).
/// tools: get_weather
/// > <|channel|>commentary to=get_weather<|message|>{}<|call|>
/// = assistant commentary to=functions.get_weather | {} | call
/// ! misspelledRecipient at token 3: get_weather
/// ```
///
/// Special tokens are spelled out in the stream, except in quotation marks: `‹<|end|>›` stands for
/// ordinary tokens. `\n` is a line feed.
struct ParserExample: Sendable, CustomTestStringConvertible {
    var title = ""
    var declaredTools: Set<String> = []
    var stream: [TokenID] = []
    var messages: [String] = []
    var repairs: [String] = []

    var testDescription: String { title }

    /// All examples, in order.
    static let all: [ParserExample] = {
        let file = Bundle.module.url(
            forResource: "repairs",
            withExtension: "txt",
            subdirectory: "Cases"
        )
        guard let file, let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.components(separatedBy: "\n\n").map(ParserExample.init(block:))
    }()

    private init(block: String) {
        for line in block.split(separator: "\n") {
            let rest = String(line.drop { $0 != " " }.dropFirst())
            switch line.first {
            case "#": title = rest
            case "t": declaredTools.insert(rest)
            case ">": stream = Self.tokens(rest.replacing("\\n", with: "\n"))
            case "=": messages.append(rest)
            case "!": repairs.append(rest)
            default: Issue.record("not a line of an example: \(line)")
            }
        }
    }

    private static func tokens(_ text: String) -> [TokenID] {
        var tokens: [TokenID] = []
        let parts = text.split(omittingEmptySubsequences: false) { "‹›".contains($0) }
        for (index, part) in parts.enumerated() {
            let isQuoted = index % 2 == 1
            tokens += Tokenizer().encode(String(part), allowing: isQuoted ? [] : SpecialToken.all)
        }
        return tokens
    }
}

extension HarmonyMessageCollector.Entry {
    /// The message in one line: `role channel to=R type | content | end`.
    var line: String {
        var header = message.role.rawValue
        if let name = message.name { header += ":" + name }
        if let channel = message.channel { header += " " + channel.rawValue }
        if let recipient = message.recipient { header += " to=" + recipient.rawValue }
        if let type = message.contentType { header += " " + type.rawValue }
        guard case .text(let content)? = message.content.first else { return header }
        let text = content.replacing("\n", with: "\\n")
        return "\(header) | \(text) | \(end.rawValue)"
    }
}
