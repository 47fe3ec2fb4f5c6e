import Foundation
import Harmony
import Testing

/// A case of `text_encode.jsonl`: a text, written out or as a repetition, and its tokens.
struct TextEncodeCase: Decodable {
    struct Repetition: Decodable {
        let prefix: String
        let unit: String
        let count: Int
        let suffix: String
    }

    let id: String
    let text: String?
    let tokens: [TokenID]?
    let rep: Repetition?
    let tokensRunLengths: [[Int]]?

    private enum CodingKeys: String, CodingKey {
        case id, text, tokens, rep
        case tokensRunLengths = "tokens_rle"
    }

    var input: String {
        guard let rep else { return text ?? "" }
        return rep.prefix + String(repeating: rep.unit, count: rep.count) + rep.suffix
    }

    var expected: [TokenID] {
        guard let tokensRunLengths else { return tokens ?? [] }
        return tokensRunLengths.flatMap { run in
            [TokenID](repeating: TokenID(run[0]), count: run[1])
        }
    }
}

/// A case of `special_encode.jsonl`: a text with special tokens allowed, disallowed or ignored.
struct SpecialEncodeCase: Decodable {
    /// Some special tokens by their literal text, or all of them.
    enum Selection: Decodable {
        case all
        case some([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let texts = try? container.decode([String].self) {
                self = .some(texts)
            } else {
                self = .all
            }
        }

        var tokens: Set<SpecialToken> {
            switch self {
            case .all: SpecialToken.all
            case .some(let texts): Set(texts.compactMap(SpecialToken.init(text:)))
            }
        }
    }

    let id: String
    let text: String
    let allowed: Selection
    let disallowed: Selection
    let tokens: [TokenID]?

    /// The disallowed specials; "all" means all that are not allowed.
    var disallowedTokens: Set<SpecialToken> {
        if case .all = disallowed { return SpecialToken.all.subtracting(allowed.tokens) }
        return disallowed.tokens
    }
}

/// A case of `decode.jsonl`: tokens, their bytes and the lossy text of these.
struct DecodeCase: Decodable {
    let id: String
    let tokens: [TokenID]
    let bytes: Data?
    let lossy: String?

    private enum CodingKeys: String, CodingKey {
        case id, tokens, lossy
        case bytes = "bytes_b64"
    }
}

/// Reads one of the case files that the reference implementation's results were recorded in.
func tokenizerCases<Case: Decodable>(_ name: String, as type: Case.Type) throws -> [Case] {
    let url = Bundle.module.url(forResource: name, withExtension: "jsonl", subdirectory: "Cases")
    let data = try Data(contentsOf: #require(url))
    return try data.split(separator: UInt8(ascii: "\n")).map { line in
        try JSONDecoder().decode(type, from: line)
    }
}
