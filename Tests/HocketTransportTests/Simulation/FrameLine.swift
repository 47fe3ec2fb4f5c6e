import HocketEngine
import NIOCore

@testable import HocketWire

/// A frame in one line of a transcript.
struct FrameLine: CustomStringConvertible {
    let description: String

    init(_ bytes: ByteBuffer, _ direction: TrafficDirection) {
        let sender = direction == .toWorker ? Role.router : .worker
        description = (try? Self.describe(bytes, from: sender)) ?? "\(bytes.readableBytes) bytes"
    }

    /// Whether a frame is its sender's last.
    static func isConnectionError(_ bytes: ByteBuffer) -> Bool {
        FrameHeader.Fields(at: bytes)?.type == FrameType.connectionError.rawValue
    }

    private static func describe(_ bytes: ByteBuffer, from sender: Role) throws -> String? {
        guard let fields = FrameHeader.Fields(at: bytes),
            case .frame(let header) = try FrameHeader.parse(
                fields,
                from: sender,
                limits: WireLimits()
            )
        else { return nil }
        let frame = Frame(header: header, bytes: bytes)
        let stream = header.streamID == .connection ? "" : " \(header.streamID)"
        let content =
            header.type == .step
            ? try rows(of: frame) : content(of: try MessageDecoder().decode(frame))
        return "\(header.type)\(stream)\(content.isEmpty ? "" : ": \(content)")"
    }

    private static func rows(of frame: Frame) throws -> String {
        var rows: [String] = []
        try MessageDecoder().withStep(frame) { step in
            step.forEachRow { stream, tokens, _ in rows.append("\(stream)+\(tokens.count)") }
        }
        return rows.joined(separator: " ")
    }

    private static func content(of message: WireMessage) -> String {
        switch message {
        case .hello(let hello): "\(hello.name), generation \(hello.generation)"
        case .helloAck(let ack): ack.workerID
        case .submit(let submit):
            "\(submit.prompt.count) tokens, first \(submit.prompt.first ?? 0), "
                + "credit \(submit.creditTokens)"
        case .finish(let finish): "\(finish.reason), \(finish.emittedTokens) tokens"
        case .cancel(let cancel): "\(cancel.reason)"
        case .credit(let credit): "\(credit.amount)"
        case .ping(let ping), .pong(let ping): "\(ping.nonce)"
        case .goAway(let goAway): "\(goAway.reason), last stream \(goAway.lastStreamID)"
        case .status(let status): "\(status.health), \(status.runningStreams) run"
        case .streamError(let status), .connectionError(let status):
            "\(status.code): \(status.message)"
        case .accept, .event, .query, .reply: ""
        }
    }
}
