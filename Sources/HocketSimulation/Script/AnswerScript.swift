import Harmony

/// Answers in token ids, each for prompts whose last message holds a pattern.
///
/// A script is JSON lines: `{"pattern": "weather", "tokens": [200005, 35644, …]}`. The first line
/// whose pattern the text of the prompt's last message holds gives the answer, token by token as
/// written, well-formed or not.
public struct AnswerScript: Sendable {
    private struct Line {
        var pattern: String
        var tokens: [TokenID]
    }

    private var lines: [Line] = []

    /// Creates a script without answers.
    public init() {}

    /// Reads a script.
    ///
    /// - Throws: ``ScriptError`` naming the line at fault.
    public init(jsonLines text: String) throws(ScriptError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated() where !line.allSatisfy(\.isWhitespace)
        {
            lines.append(try Self.parse(line, number: index + 1))
        }
    }

    private static func parse(_ text: Substring, number: Int) throws(ScriptError) -> Line {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(text.utf8))
        } catch {
            throw ScriptError(line: number, message: "\(error)")
        }
        guard let pattern = value.object?["pattern"]?.string,
            let numbers = value.object?["tokens"]?.array
        else { throw ScriptError(line: number, message: "'pattern' or 'tokens' is missing") }
        let tokens = numbers.compactMap { $0.integer.flatMap(TokenID.init(exactly:)) }
        guard tokens.count == numbers.count else {
            throw ScriptError(line: number, message: "'tokens' holds something else than ids")
        }
        return Line(pattern: pattern, tokens: tokens)
    }

    /// The answer to a text, if a line's pattern is in it.
    func answer(to text: String) -> [TokenID]? {
        lines.first { text.contains($0.pattern) }?.tokens
    }
}
