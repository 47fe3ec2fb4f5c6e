/// What the sender of a HELLO is willing to receive.
///
/// On the wire, zero stands for a default.
public struct PeerLimits: Hashable, Sendable {
    /// The longest body of all frames but SUBMIT.
    public var frameBytesMax: Int
    /// The longest body of a SUBMIT.
    public var submitBytesMax: Int
    /// Streams open at one time.
    public var streamsMax: Int
    /// The longest prompt.
    public var promptTokensMax: Int
    /// The most rows of a STEP.
    public var stepRowsMax: Int
    /// Bytes of SUBMIT and QUERY, headers included, before the first CREDIT on stream 0.
    public var windowBytes: Int
    /// PING, CREDIT, CANCEL, STATUS, EVENT and QUERY in one second.
    public var controlFramesPerSecondMax: Int

    /// What a side with these limits advertises.
    public init(_ limits: WireLimits = WireLimits()) {
        frameBytesMax = limits.frameBytesMax
        submitBytesMax = limits.submitBytesMax
        streamsMax = limits.streamsMax
        promptTokensMax = limits.promptTokensMax
        stepRowsMax = limits.stepRowsMax
        windowBytes = limits.windowBytes
        controlFramesPerSecondMax = limits.controlFramesPerSecondMax
    }

    /// The longest body that a frame of this type may have.
    ///
    /// HELLO is not in this list: it is sent before the peer has said anything.
    public func bodyBytesMax(of type: FrameType) -> Int {
        switch type {
        case .hello: WireLimits().helloBytesMax
        case .submit: submitBytesMax
        default: frameBytesMax
        }
    }
}
