/// The flags of a frame's header.
///
/// Bits without a name here are reserved and must be zero.
public struct FrameFlags: OptionSet, Hashable, Sendable {
    /// The bits, as on the wire.
    public let rawValue: UInt8

    /// Takes bits as they are.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A receiver that does not know the frame's type skips it instead of giving up.
    public static let ignorable = FrameFlags(rawValue: 1 << 0)

    /// All bits with a meaning.
    public static let known: FrameFlags = [.ignorable]
}
