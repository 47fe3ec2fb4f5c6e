/// Which web pages may ask from a browser.
public struct CrossOriginPolicy: Hashable, Sendable {
    /// The origins of these pages, as browsers write them: `https://example.org`.
    let origins: Set<String>

    /// Allows pages from these origins; `*` stands for all.
    ///
    /// - Returns: nil for an origin that is none: with a path, say, or without a scheme.
    public init?(origins: [String]) {
        guard origins.allSatisfy(Self.isOrigin) else { return nil }
        self.origins = Set(origins)
    }

    /// Whether a page may ask.
    func allows(_ origin: String) -> Bool {
        origins.contains("*") || origins.contains(origin)
    }

    /// A scheme, a host and perhaps a port (RFC 6454 §6.1).
    private static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        guard let separator = text.firstRange(of: "://"), separator.lowerBound > text.startIndex
        else { return false }
        let host = text[separator.upperBound...]
        return !host.isEmpty && !host.contains { "/?# ".contains($0) }
    }
}
