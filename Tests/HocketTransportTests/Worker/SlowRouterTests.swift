import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Routers that do not read what the worker writes.
@Suite struct SlowRouterTests {
    @Test func tokensBeyondCreditStayInTheWorker() throws {
        let (worker, socket) = try worker(streams: 4, credit: 100)
        for _ in 0..<1_000 { worker.step(tokens: 10) }
        // The most that is written: each stream's credit, five bytes a token, in short frames.
        #expect(socket.heldBytes < 4 * 100 * 5 * 2)
        #expect(worker.handler.machine.openStreams == 4)
        try worker.channel.close().wait()
        #expect(worker.engine.running.isEmpty)
    }

    @Test func everythingComesWhenTheRouterReadsAgain() throws {
        let (worker, socket) = try worker(streams: 1, credit: 5)
        worker.step(tokens: 12)
        try worker.say(.credit(Credit(7)), on: 1)
        worker.step(tokens: 0, finishing: true)
        #expect(try worker.heard().isEmpty)
        socket.letGo()
        let finish = try #require(try worker.heard().last)
        guard case .finish(let end) = finish.message else {
            Issue.record("heard \(finish)")
            return
        }
        #expect(end.emittedTokens == 12)
    }

    @Test func routerThatGrantsCreditAndDoesNotReadIsLeft() throws {
        let (worker, socket) = try worker(streams: 1, credit: 1_000_000, backlogBytesMax: 10_000)
        for _ in 0..<100 where worker.channel.isActive { worker.step(tokens: 1000) }
        #expect(!worker.channel.isActive)
        #expect(socket.writtenBytes < 10_000 + 2 * 5 * 1000)
        #expect(worker.engine.running.isEmpty)
    }

    @Test func routerThatAsksAndDoesNotReadIsLeft() throws {
        let (worker, socket) = try worker(streams: 0, credit: 1, backlogBytesMax: 10_000)
        for nonce in 1...1000 as ClosedRange<UInt64> where worker.channel.isActive {
            try worker.say(.ping(Ping(nonce: nonce, monotonicNanoseconds: 1)))
        }
        #expect(!worker.channel.isActive)
        #expect(socket.writtenBytes < 11_000)
    }

    @Test func routerThatReadsLateIsServed() throws {
        let (worker, socket) = try worker(streams: 1, credit: 1_000_000, backlogBytesMax: 10_000)
        for _ in 0..<100 {
            worker.step(tokens: 1000)
            socket.letGo()
        }
        #expect(worker.channel.isActive)
        #expect(worker.handler.backlog.bytes == 0)
    }

    @Test func oneThatIsGivenUpLeavesNothingBehind() throws {
        let (worker, _) = try worker(streams: 3, credit: 10)
        worker.step(tokens: 100)
        // It neither reads nor writes: PING after five seconds, fifteen more for an answer.
        worker.pass(.seconds(21))
        #expect(!worker.channel.isActive)
        #expect(worker.handler.connectionEnd == .timedOut)
        #expect(worker.engine.running.isEmpty)
    }

    private func worker(
        streams: Int,
        credit: Int,
        backlogBytesMax: Int = 1 << 20
    ) throws -> (worker: EmbeddedWorker, socket: FullSocket) {
        let worker = try EmbeddedWorker(backlogBytesMax: backlogBytesMax)
        let socket = FullSocket()
        try worker.channel.pipeline.syncOperations.addHandler(socket, position: .first)
        for number in 0..<streams {
            let submit = Submit(
                requestID: RequestID(rawValue: 1),
                model: "m",
                prompt: [1, 2],
                creditTokens: credit
            )
            let stream = try #require(StreamID(rawValue: UInt32(2 * number + 1)))
            try worker.say(.submit(submit), on: stream)
        }
        #expect(worker.engine.running.count == streams)
        return (worker, socket)
    }
}
