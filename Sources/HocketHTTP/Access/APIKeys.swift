import Crypto

/// The keys that clients may show, kept as their digests.
///
/// A key is compared by its digest with every digest there is, each time to the end, so that how
/// long it takes tells nothing of how near a guess was. Nothing here can print a key.
public struct APIKeys: Sendable {
    private let digests: [SHA256.Digest]

    /// Takes the keys of a file: one a line, without the spaces around it; empty lines and those
    /// that begin with `#` are none.
    ///
    /// - Throws: ``APIKeyError`` naming the line that cannot be a key, or saying that there is
    ///   none.
    public init(parsing text: String) throws(APIKeyError) {
        var digests: [SHA256.Digest] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let key = line.trimmingSpaces
            guard !key.isEmpty, !key.hasPrefix("#") else { continue }
            guard key.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
                throw APIKeyError(
                    code: .malformedKey,
                    message: "Line \(index + 1) is no key: a key is one word of printable ASCII."
                )
            }
            digests.append(Self.digest(of: key))
        }
        guard !digests.isEmpty else {
            throw APIKeyError(code: .noKey, message: "There is no key in the file.")
        }
        self.digests = digests
    }

    /// How many keys there are.
    public var count: Int { digests.count }

    /// Whether a key is one of these.
    func admit(_ key: some StringProtocol) -> Bool {
        let digest = Self.digest(of: key)
        var isKnown = false
        // Digests are compared in constant time; not `contains`, which would stop at the first.
        for known in digests where known == digest { isKnown = true }
        return isKnown
    }

    private static func digest(of key: some StringProtocol) -> SHA256.Digest {
        var hash = SHA256()
        hash.update(data: Array(key.utf8))
        return hash.finalize()
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.drop { $0.isWhitespace }
    }
}
