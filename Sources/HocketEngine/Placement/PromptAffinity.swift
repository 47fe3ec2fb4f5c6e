public import Harmony

/// By what a prompt is known again: its session, and hashes of its beginning.
///
/// It is made before the directory is locked, since hashing a long prompt takes longer than
/// everything else about a placement.
public struct PromptAffinity: Hashable, Sendable {
    /// The prompt's tokens are hashed in blocks of so many; what is left over does not count.
    public static let blockTokens = 128
    /// So many blocks of one prompt count.
    public static let blocksMax = 1024

    /// The hash of the session's key, if the caller named one.
    let session: UInt64?
    /// Hashes of the prompt's first block, its first two, and so on.
    let blocks: [UInt64]

    /// Hashes a prompt.
    ///
    /// - Parameters:
    ///   - model: prompts of different models have nothing in common.
    ///   - sessionKey: what the caller names requests by that share a prefix.
    public init(model: String, sessionKey: String?, prompt: [TokenID]) {
        session = sessionKey.map { Self.hash(model, $0) }
        var hash = Self.hash(model, nil)
        let count = min(prompt.count / Self.blockTokens, Self.blocksMax)
        let tokens = prompt.span
        blocks = (0..<count).map { block in
            hash = Self.hash(tokens, block: block, after: hash)
            return hash
        }
    }

    private static func hash(_ model: String, _ key: String?) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(model)
        hasher.combine(key)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Two tokens a multiplication: equal prefixes must agree, and nobody gains from a collision.
    private static func hash(
        _ tokens: borrowing Span<TokenID>,
        block: Int,
        after seed: UInt64
    ) -> UInt64 {
        var hash = seed
        let start = block * blockTokens
        for index in stride(from: start, to: start + blockTokens, by: 2) {
            let pair = UInt64(tokens[index]) | UInt64(tokens[index + 1]) << 32
            hash = (hash ^ pair) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        return hash
    }
}
