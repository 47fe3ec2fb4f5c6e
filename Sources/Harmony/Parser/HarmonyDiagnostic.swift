/// One departure of a token stream from the Harmony format, and how it was understood.
public struct HarmonyDiagnostic: Hashable, Sendable {
    /// What was wrong.
    public var kind: Kind
    /// The position in the stream, counted from 0, of the token where it was wrong; the number of
    /// tokens if the stream ended too early.
    public var position: Int
    /// The text concerned, if there is any: ignored words, an unknown name, a token.
    public var detail: String?

    /// Creates a diagnostic; an empty detail is none.
    public init(_ kind: Kind, position: Int, detail: String? = nil) {
        self.kind = kind
        self.position = position
        self.detail = detail?.isEmpty == true ? nil : detail
    }
}

extension HarmonyDiagnostic: CustomStringConvertible {
    /// Kind, position and detail in one line.
    public var description: String {
        let place = "\(kind.rawValue) at token \(position)"
        return detail.map { "\(place): \($0)" } ?? place
    }
}
