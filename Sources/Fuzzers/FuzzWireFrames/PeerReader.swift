import HocketWire
import NIOCore

/// What a peer said, as far as two ways of reading it must agree.
enum PeerEvent: Equatable {
    /// A message, as its bytes are when this side says it.
    case message(ByteBuffer)
    case row(StreamID, [UInt32])
    case failed(WireError.Code)
    case ended(inFrame: Bool)
}

/// One end of a connection that decodes everything and believes nothing.
struct PeerReader {
    private(set) var events: [PeerEvent] = []
    /// Whether no rule was broken yet.
    private(set) var isOpen = true
    private var decoder: FrameDecoder
    private let messages: MessageDecoder
    private let limits: WireLimits
    private let encoder = MessageEncoder()

    /// Small limits, so that short inputs reach them.
    init(_ receiver: Role) {
        var limits = WireLimits()
        limits.helloBytesMax = 1024
        limits.frameBytesMax = 512
        limits.submitBytesMax = 1024
        limits.arenaBytesMax = 16 * 1024
        limits.promptTokensMax = 64
        limits.stepRowsMax = 16
        self.limits = limits
        decoder = FrameDecoder(receiver: receiver, limits: limits)
        messages = MessageDecoder(limits: limits)
    }

    /// Takes the bytes of one read.
    mutating func receive(_ bytes: ByteBuffer) {
        decoder.append(bytes)
        do throws(WireError) {
            while let frame = try decoder.next() { try receive(frame) }
        } catch {
            isOpen = false
            events.append(.failed(error.code))
        }
        checkMemory()
    }

    /// The peer closes the connection.
    mutating func finish() {
        guard isOpen else { return }
        do throws(WireError) {
            try decoder.finish()
            events.append(.ended(inFrame: false))
        } catch {
            events.append(.ended(inFrame: true))
        }
    }

    private mutating func receive(_ frame: Frame) throws(WireError) {
        let limit = limits.bodyBytesMax(of: frame.header.type)
        precondition(frame.header.bodyBytes <= limit, "a frame beyond its limit")
        guard frame.header.type == .step else {
            let message = try messages.decode(frame)
            return events.append(.message(encoded(message, on: frame.header.streamID)))
        }
        var rows: [PeerEvent] = []
        try messages.withStep(frame) { (step) throws(WireError) in rows = checkedRows(of: step) }
        events += rows
    }

    private func checkedRows(of step: borrowing StepView) -> [PeerEvent] {
        precondition(step.rowCount <= limits.stepRowsMax, "rows beyond their limit")
        var rows: [PeerEvent] = []
        var last = StreamID.connection
        step.forEachRow { stream, tokens, _ in
            precondition(stream > last && !tokens.isEmpty, "a row that cannot be")
            last = stream
            let ids = tokens.indices.map { tokens[$0] }
            precondition(ids.allSatisfy { $0 < limits.vocabularySize }, "not in the vocabulary")
            rows.append(.row(stream, ids))
        }
        return rows
    }

    /// What was understood can be said again.
    private func encoded(_ message: WireMessage, on stream: StreamID) -> ByteBuffer {
        var bytes = ByteBuffer()
        do throws(WireError) {
            try encoder.encode(message, on: stream, into: &bytes)
        } catch {
            preconditionFailure("what was decoded cannot be encoded: \(error)")
        }
        return bytes
    }

    private func checkMemory() {
        let most = FrameHeader.byteCount + max(limits.helloBytesMax, limits.submitBytesMax)
        precondition(!isOpen || decoder.bufferedBytes <= most, "more is buffered than a frame")
    }
}
