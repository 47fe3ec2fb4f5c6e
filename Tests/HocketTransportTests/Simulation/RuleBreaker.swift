import HocketWire
import NIOCore

/// Breaks a rule between a worker's code and its socket.
final class RuleBreaker: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let breach: FrameBreach
    private var decoder = FrameDecoder(receiver: .router)
    private let messages = MessageDecoder()
    private var hasGreeted = false
    /// Most rules are broken once.
    private var isBroken = false

    init(_ breach: FrameBreach) { self.breach = breach }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        var output = ByteBuffer()
        if !hasGreeted {
            hasGreeted = true
            output.writeImmutableBuffer(bytes.getSlice(at: bytes.readerIndex, length: 8) ?? bytes)
        }
        decoder.append(bytes)
        do {
            while let frame = try decoder.next() { try write(frame, to: &output) }
        } catch {
            preconditionFailure("a worker's frame cannot be read: \(error)")
        }
        context.write(wrapOutboundOut(output), promise: promise)
    }

    private func write(_ frame: Frame, to output: inout ByteBuffer) throws {
        switch (breach, frame.header.type) {
        case (.losesToken, .step), (.exceedsCredit, .step), (.inventsStream, .step):
            try writeBroken(frame, to: &output)
        case (.repeatsStep, .step), (.finishesTwice, .finish):
            output.writeImmutableBuffer(frame.bytes)
            if !isBroken || breach == .finishesTwice { output.writeImmutableBuffer(frame.bytes) }
            isBroken = true
        case (.neverFinishes, .finish): break
        case (.ignoresCancel, .finish):
            if case .finish(let finish) = try messages.decode(frame), finish.reason == .cancelled {
                break
            }
            output.writeImmutableBuffer(frame.bytes)
        case (.fallsSilent, .hello), (.fallsSilent, .accept):
            output.writeImmutableBuffer(frame.bytes)
        case (.fallsSilent, _): break
        default: output.writeImmutableBuffer(frame.bytes)
        }
    }

    /// Writes a STEP with more or fewer tokens, or for a stream that is not there.
    private func writeBroken(_ frame: Frame, to output: inout ByteBuffer) throws {
        var step = StepBuilder()
        var isDue = !isBroken
        let breach = breach
        try messages.withStep(frame) { view in
            view.forEachRow { stream, tokens, _ in
                var (stream, copy) = (stream, tokens.indices.map { tokens[$0] })
                if isDue {
                    isDue = false
                    switch breach {
                    case .losesToken: copy.removeLast()
                    case .exceedsCredit: copy += [UInt32](repeating: 7, count: 5_000)
                    case .inventsStream: stream = StreamID(rawValue: 99_999) ?? stream
                    default: break
                    }
                }
                if !copy.isEmpty { step.add(stream, tokens: copy.span) }
            }
        }
        isBroken = true
        try step.write(step: 1, monotonicNanoseconds: 1, into: &output)
    }
}
