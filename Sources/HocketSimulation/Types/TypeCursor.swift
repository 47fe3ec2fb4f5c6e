/// A place in the text of rendered tools, and what is read from there on.
///
/// Spaces, line ends and comments stand between any two parts of a type, so they are skipped
/// before each.
struct TypeCursor {
    /// What is not read yet.
    private(set) var rest: Substring

    init(_ text: Substring) {
        rest = text
    }

    /// The rest of the line.
    var line: Substring { rest.prefix { !$0.isNewline } }

    /// Passes `text` if it is next.
    mutating func take(_ text: String) -> Bool {
        skipSpace()
        guard rest.hasPrefix(text) else { return false }
        rest = rest.dropFirst(text.count)
        return true
    }

    /// Passes everything up to `end` and the end itself; nil if there is none.
    mutating func take(through end: String) -> Substring? {
        guard let range = rest.firstRange(of: end) else { return nil }
        defer { rest = rest[range.upperBound...] }
        return rest[..<range.lowerBound]
    }

    /// Passes the word that is next; empty if none is.
    mutating func takeWord() -> Substring {
        skipSpace()
        let word = rest.prefix { $0.isLetter }
        rest = rest[word.endIndex...]
        return word
    }

    /// Passes the rest of the line.
    mutating func takeLine() -> Substring {
        let line = line
        rest = rest[line.endIndex...].dropFirst()
        return line
    }

    private mutating func skipSpace() {
        while true {
            rest = rest.drop { $0.isWhitespace }
            guard rest.hasPrefix("//") else { return }
            _ = takeLine()
        }
    }
}
