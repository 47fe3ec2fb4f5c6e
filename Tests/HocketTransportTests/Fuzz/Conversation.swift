import Foundation
import HocketTesting
import HocketWire
import NIOCore

/// What one end says from its preface to its last frame, to be spoiled.
struct Conversation {
    /// The frames, the first of them behind the preface.
    var frames: [ByteBuffer]

    /// All bytes as they would be sent.
    var bytes: ByteBuffer {
        frames.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    }
}

extension Conversation {
    /// A worker that serves the streams 1, 3 and 5, fails 7 and leaves.
    static func ofWorker() throws -> Conversation {
        let query = Query(method: "describe", arguments: [])
        var hello = Hello.worker()
        hello.capabilities = .query
        return Conversation(frames: [
            try .greeting(hello),
            try .frame(.status(.example(.serving))),
            try .frame(.accept(Accept()), on: 1),
            try .frame(.accept(Accept()), on: 3),
            try .step([(1, [1, 2, 3]), (3, [1])]),
            try .frame(.accept(Accept()), on: 5),
            try .frame(.ping(Ping(nonce: 1, monotonicNanoseconds: 1))),
            try .step([(1, [4]), (3, [2, 3]), (5, [1])]),
            try .frame(.finish(Finish(.stop, emittedTokens: 4)), on: 1),
            try .frame(.streamError(Status(.internal, "no")), on: 7),
            try .frame(.credit(Credit(100))),
            try .frame(.query(query), on: 2),
            try .frame(.finish(Finish(.length, emittedTokens: 3)), on: 3),
            try .frame(.goAway(GoAway(lastStreamID: 7, reason: .shutdown))),
            try .step([(5, [2, 3, 4])]),
            try .frame(.finish(Finish(.stop, emittedTokens: 4)), on: 5),
        ])
    }

    /// A router that lets a worker in, asks for four samplings and lets the worker go.
    static func ofRouter() throws -> Conversation {
        Conversation(frames: [
            try .greeting(.router),
            try .frame(.helloAck(HelloAck(workerID: "w1"))),
            try .frame(.submit(.fuzzed(credit: 4)), on: 1),
            try .frame(.submit(.fuzzed(credit: 1000)), on: 3),
            try .frame(.ping(Ping(nonce: 1, monotonicNanoseconds: 1))),
            try .frame(.credit(Credit(2)), on: 1),
            try .frame(.cancel(Cancel(.clientGone)), on: 3),
            try .frame(.submit(.fuzzed(credit: 1, deadline: 1_000_000)), on: 5),
            try .frame(.query(Query(method: "describe", arguments: [])), on: 7),
            try .frame(.credit(Credit(1000)), on: 1),
            try .frame(.submit(.fuzzed(credit: 0)), on: 9),
            try .frame(.streamError(Status(.internal, "no")), on: 9),
            try .frame(.goAway(GoAway(lastStreamID: .connection, reason: .shutdown))),
            try .frame(.credit(Credit(1000)), on: 5),
        ])
    }
}

extension Submit {
    fileprivate static func fuzzed(credit: Int, deadline: UInt64? = nil) -> Submit {
        Submit(
            requestID: RequestID(rawValue: 1),
            model: "m",
            prompt: [1, 2, 3],
            creditTokens: credit,
            deadlineNanoseconds: deadline
        )
    }
}

/// The frames of `Protos/golden/v1`, whoever sends them.
enum GoldenFrames {
    static let all: [ByteBuffer] = {
        let folder = URL(filePath: #filePath)
            .deletingLastPathComponent()
            .appending(path: "../../../Protos/golden/v1")
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        return (files ?? [])
            .filter { $0.pathExtension == "bin" }
            .sorted { $0.path < $1.path }
            .compactMap { try? ByteBuffer(bytes: Data(contentsOf: $0)) }
    }()
}
