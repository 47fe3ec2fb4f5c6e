/// What one side is willing to receive, and the memory that it spends on it.
///
/// Those that a peer must know are advertised in HELLO (``PeerLimits``). All are enforced here, by
/// ``FrameDecoder`` and ``MessageDecoder``, or by the connection machines where a count of streams
/// or of frames over time is needed. See "Limits" in `Protos/PROTOCOL.md`.
public struct WireLimits: Hashable, Sendable {
    /// The longest HELLO, the only frame that is taken from a stranger.
    public var helloBytesMax = 64 * 1024

    /// The longest frame of all types but SUBMIT, and the longest message part of a SUBMIT.
    public var frameBytesMax = 1024 * 1024

    /// The longest SUBMIT: its message and the ids of its prompt.
    public var submitBytesMax = 16 * 1024 * 1024

    /// The most memory that unpacking one message may take.
    ///
    /// Packed integers unpack to four times their length; encodings that unpack to more than
    /// eight times theirs have no use but attack.
    public var arenaBytesMax = 8 * 1024 * 1024

    /// Streams open at one time.
    public var streamsMax = 1024

    /// The longest prompt.
    public var promptTokensMax = 1024 * 1024

    /// The most streams that have tokens in one STEP.
    public var stepRowsMax = 4096

    /// Bytes of SUBMIT and QUERY that may be on their way to a worker before it grants more.
    public var windowBytes = 64 * 1024 * 1024

    /// Frames of PING, CREDIT, CANCEL, STATUS, EVENT and QUERY in one second.
    public var controlFramesPerSecondMax = 10_000

    /// Token ids are below this; the vocabulary is agreed in HELLO.
    public var vocabularySize = VocabularyIdentity.o200kHarmony.size

    /// The defaults, which `Protos/PROTOCOL.md` states.
    public init() {}

    /// The longest body that a frame of this type may have.
    public func bodyBytesMax(of type: FrameType) -> Int {
        switch type {
        case .hello: helloBytesMax
        case .submit: submitBytesMax
        default: frameBytesMax
        }
    }
}
