import HocketWire
import NIOCore

/// One connection of a worker that counts.
final class FaultyWorkerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// What the end of a connection means for the worker.
    enum End {
        /// It dials again.
        case lost
        /// It does not; a supervisor starts another instance.
        case dismissed
        /// Neither.
        case dead
    }

    /// One generation: its tokens are 1, 2, 3, ….
    struct Stream {
        var credit: UInt64
        var sent = 0
        let limit: Int
        var deadline: NIODeadline?
        var isAccepted = true
        /// How many likely tokens go with each token; nil for no log probabilities.
        var topCount: Int?
    }

    static let streamsMax = 70
    static let contextTokensMax = 512
    static let tick = TimeAmount.milliseconds(2)

    let fault: Fault?
    let offersLogprobs: Bool
    var streams: [StreamID: Stream] = [:]
    var newest = StreamID.connection
    var cancelled: Set<StreamID> = []
    var finished: Set<StreamID> = []
    var rowsMax = 0
    var isAdmitted = false
    var isDraining = false
    var isClosing = false
    var context: ChannelHandlerContext?
    var ticks: RepeatedTask?
    var steps: UInt64 = 0
    var statusInterval = TimeAmount.seconds(1)
    var statusDue = NIODeadline.now()
    private var decoder: FrameDecoder
    private let messages: MessageDecoder
    private let encoder = MessageEncoder()
    private let onEnd: (End) -> Void
    private let instance: InstanceID
    var cancels = 0
    private var hasGreeted = false

    init(
        _ fault: Fault?,
        as instance: InstanceID,
        offersLogprobs: Bool,
        onEnd: @escaping (End) -> Void
    ) {
        var limits = WireLimits()
        if fault == .takesAnySize { limits.frameBytesMax *= 2 }
        self.fault = fault
        self.offersLogprobs = offersLogprobs
        self.onEnd = onEnd
        self.instance = instance
        decoder = FrameDecoder(receiver: .worker, limits: limits)
        messages = MessageDecoder(limits: limits)
    }

    // MARK: The channel

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        if fault != .speaksSecond { greet() }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticks = context.eventLoop.scheduleRepeatedTask(
            initialDelay: Self.tick,
            delay: Self.tick
        ) { _ in bound.value.work() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let bytes = unwrapInboundIn(data)
        if !hasGreeted { greet() }
        decoder.append(bytes)
        do throws(WireError) {
            while !isClosing, let frame = try decoder.next() { try take(frame) }
        } catch {
            misled(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticks?.cancel()
        self.context = nil
        let isCut = isAdmitted && !isClosing && decoder.bufferedBytes > 0
        if fault == .diesOfHalfAHeader, isCut { onEnd(.dead) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Speaking

    func send(_ message: WireMessage, on stream: StreamID = .connection) {
        var bytes = ByteBuffer()
        try? encoder.encode(message, on: stream, into: &bytes)
        write(bytes)
    }

    func write(_ bytes: ByteBuffer) {
        context?.writeAndFlush(NIOAny(bytes), promise: nil)
    }

    /// Tells the router what it did wrong, and closes.
    func fail(_ error: WireError) {
        send(.connectionError(Status(error)))
        close()
    }

    func close() {
        isClosing = true
        context?.close(promise: nil)
    }

    /// The worker will not come back as it is.
    func dismissed() { onEnd(.dismissed) }

    func refused(_ status: Status) {
        switch (status.isRetryable, fault) {
        case (true, .staysAwayWhenRefusedForNow): onEnd(.dead)
        case (true, _), (false, .returnsWhenRefusedForGood): break
        case (false, _): onEnd(.dismissed)
        }
        close()
    }

    private func greet() {
        hasGreeted = true
        var preface = ByteBuffer()
        Preface.current.write(into: &preface)
        write(preface)
        send(.hello(hello))
        if fault == .statusBeforeAck { report() }
    }

    private var hello: Hello {
        var limits = PeerLimits()
        limits.streamsMax = Self.streamsMax
        var vocabulary = VocabularyIdentity.o200kHarmony
        if fault == .vocabularyOfAnotherModel { vocabulary.size -= 1 }
        return Hello(
            role: .worker,
            instanceID: instance,
            name: "faulty",
            build: "test",
            capabilities: offersLogprobs ? [.query, .logprobs, .topLogprobs] : .query,
            limits: limits,
            models: [ModelInfo(id: "m", contextTokensMax: Self.contextTokensMax)],
            vocabulary: vocabulary,
            clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 1)
        )
    }

    // MARK: Listening

    private func take(_ frame: Frame) throws(WireError) {
        let bytes = frame.bytes.readableBytesView
        if fault == .refusesUnknownFields, bytes.suffix(3).elementsEqual([0xF8, 0x7C, 0x01]) {
            throw WireError(.messageInvalid, "an unknown field")
        }
        if fault == .refusesIgnorable, decoder.ignoredFrames > 0 {
            throw WireError(.frameTypeUnknown, "an unknown frame")
        }
        let message: WireMessage
        do throws(WireError) {
            message = try messages.decode(frame)
        } catch {
            if let words = fault?.ignoredWords, error.message.contains(words) { return }
            if fault == .ignoresUnparsable, error.code == .messageMalformed { return }
            throw error
        }
        try receive(message, on: frame.header.streamID, bytes: bytes.count)
    }

    /// The router sent what is no frame.
    private func misled(_ error: WireError) {
        if let words = fault?.ignoredWords, error.message.contains(words) { return }
        switch (error.code, fault) {
        case (.versionUnsupported, .staysWithOtherMajor), (.frameTypeUnknown, .ignoresUnknown):
            break
        case (.versionUnsupported, _):
            if fault != .returnsToOtherMajor { onEnd(.dismissed) }
            close()
        default: fail(error)
        }
    }
}
