import Synchronization

/// Randomness that is the same in every run: the sequence SplitMix64 makes of a seed.
public final class SeededRandomness: Sendable {
    private let state: Mutex<UInt64>

    /// Creates the sequence of a seed.
    public init(seed: UInt64) {
        state = Mutex(seed)
    }

    /// The next 64 bits.
    public func next() -> UInt64 {
        var bits = state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            return state
        }
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
