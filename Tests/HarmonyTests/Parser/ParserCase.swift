import Foundation
import Harmony
import Testing

/// A case of parse.jsonl: a token stream and what the reference implementation made of it.
struct ParserCase: Sendable, CustomTestStringConvertible {
    var id: String
    var category: String
    var role: Role?
    var tokens: [TokenID]
    var hasEnd: Bool
    var errors: [String]
    var messages: [Message]

    var testDescription: String { "\(id) (\(category))" }

    /// Categories whose streams are not Harmony; names are prefixes.
    private static let malformed = [
        "malformed", "invalid-utf8", "utf8-frag-rand", "utf8-byte-rand", "bad-id",
        "spelled-special", "fuzz", "mutate",
    ]

    /// Whether the reference took the stream for well-formed.
    var isWellFormed: Bool {
        errors.isEmpty && !Self.malformed.contains { category.hasPrefix($0) }
    }

    /// All cases, in order.
    static let all: [ParserCase] = {
        let file = Bundle.module.url(
            forResource: "parse",
            withExtension: "jsonl",
            subdirectory: "Cases"
        )
        guard let file, let data = try? Data(contentsOf: file) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
            (try? JSONValue(parsing: Array(line))).flatMap(ParserCase.init)
        }
    }()

    private init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let category = json["cat"]?.string,
            let tokens = json["tokens"]?.array?.compactMap(\.integer).map(TokenID.init),
            let messages = json["messages"]?.array?.compactMap({ try? Message(json: $0) })
        else { return nil }
        self.id = id
        self.category = category
        self.tokens = tokens
        self.messages = messages
        role = json["role"]?.string.flatMap(Role.init)
        hasEnd = json["eos"]?.bool ?? true
        errors = (json["errors"]?.array ?? []).compactMap { $0.array?.last?.string }
    }

    /// What the resilient parser makes of the stream.
    func parse() -> HarmonyMessageCollector {
        var parser = HarmonyParser(startingAs: role)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens, into: &collector)
        if hasEnd { parser.finish(into: &collector) }
        return collector
    }
}
