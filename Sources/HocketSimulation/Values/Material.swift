/// What a user's text offers to fill arguments and answers with.
///
/// Texts are what stands in quotes, then the words that begin with a capital letter within a
/// sentence; numbers are what is written in digits. Each is used once, in the order of the text.
struct Material {
    /// The whole text in small letters, to find the values of enumerations in.
    let text: String
    private var texts: ArraySlice<String>
    private var numbers: [Double]

    init(_ text: String) {
        self.text = text.lowercased()
        texts = (Self.quoted(in: text) + Self.names(in: text))[...]
        numbers = text.matches(of: #/-?\d+(?:\.\d+)?/#).compactMap { Double($0.output) }
    }

    /// The next text, nil if none is left.
    mutating func nextText() -> String? { texts.popFirst() }

    /// The next number that will do, nil if none is left.
    mutating func nextNumber(where fits: (Double) -> Bool) -> Double? {
        guard let index = numbers.firstIndex(where: fits) else { return nil }
        return numbers.remove(at: index)
    }

    private static func quoted(in text: String) -> [String] {
        text.matches(of: #/"([^"\n]+)"|“([^”\n]+)”/#).compactMap { match in
            (match.output.1 ?? match.output.2).map { String($0) }
        }
    }

    private static func names(in text: String) -> [String] {
        text.matches(of: #/[\p{L}\d,;] (\p{Lu}\p{L}+)/#).map { String($0.output.1) }
    }
}
