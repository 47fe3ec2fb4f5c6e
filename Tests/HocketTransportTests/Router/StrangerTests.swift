import Glibc
import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Peers that connect and do not say who they are, in a time that the test moves.
@Suite struct StrangerTests {
    @Test(arguments: [0, 3, Preface.byteCount, Preface.byteCount + 7, 60])
    func silenceAnywhereInTheGreetingIsCutOff(bytes: Int) throws {
        let router = try EmbeddedRouter(hello: nil)
        var greeting = try ByteBuffer.greeting(.worker())
        greeting.moveWriterIndex(to: bytes)
        if bytes > 0 { try router.channel.writeInbound(greeting) }
        router.pass(.milliseconds(4_999))
        #expect(try router.heardTypes() == [.hello])
        #expect(router.channel.isActive)
        #expect(router.handler.decoder.bufferedBytes <= bytes)
        router.pass(.milliseconds(1))
        #expect(try router.lastError()?.code == .deadlineExceeded)
        #expect(!router.channel.isActive)
    }

    @Test func helloInTimeIsEnough() throws {
        let router = try EmbeddedRouter(hello: nil)
        router.pass(.milliseconds(4_999))
        try router.channel.writeInbound(ByteBuffer.greeting(.worker()))
        #expect(try router.heardTypes() == [.hello, .helloAck])
        router.pass(.milliseconds(2))
        #expect(try router.heardTypes() == [])
        #expect(router.channel.isActive)
    }

    @Test func peerThatDripsItsGreetingGetsNoMoreTime() throws {
        let router = try EmbeddedRouter(hello: nil)
        for byte in try ByteBuffer.greeting(.worker()).readableBytesView.prefix(5) {
            try router.channel.writeInbound(ByteBuffer(bytes: [byte]))
            router.pass(.milliseconds(999))
        }
        #expect(router.channel.isActive)
        router.pass(.milliseconds(5))
        #expect(!router.channel.isActive)
    }

    @Test func thoseBeyondTheMaximumAreToldToComeAgain() throws {
        let strangers = Strangers(max: 3)
        let silent = try (0..<3).map { _ in try EmbeddedRouter(hello: nil, strangers: strangers) }
        let refused = try EmbeddedRouter(hello: nil, strangers: strangers)
        let status = try #require(try refused.lastError())
        #expect(status.code == .resourceExhausted)
        #expect(status.message.contains("3"))
        #expect(status.isRetryable)
        #expect(!refused.channel.isActive)
        #expect(silent.allSatisfy { $0.channel.isActive })
    }

    @Test func oneThatSaysHelloOrLeavesMakesRoom() throws {
        let strangers = Strangers(max: 1)
        for _ in 0..<3 {
            let leaving = try EmbeddedRouter(hello: nil, strangers: strangers)
            try leaving.channel.close().wait()
            let attached = try EmbeddedRouter(strangers: strangers)
            #expect(attached.pool.workerCount == 1)
            let refusedHello = try EmbeddedRouter(hello: .worker(""), strangers: strangers)
            #expect(!refusedHello.channel.isActive)
            let overdue = try EmbeddedRouter(hello: nil, strangers: strangers)
            overdue.pass(.seconds(5))
            #expect(!overdue.channel.isActive)
            // Its going makes no room twice.
            try attached.channel.close().wait()
        }
        let silent = try EmbeddedRouter(hello: nil, strangers: strangers)
        #expect(silent.channel.isActive)
        let refused = try EmbeddedRouter(hello: nil, strangers: strangers)
        #expect(!refused.channel.isActive)
    }

    @Test func workersDialWhileStrangersFlood() async throws {
        try await TestRouter.run { router in
            var flood: [RawWorker] = []
            for _ in 0..<200 { flood.append(try await dial(router)) }
            var refused = flood.removeLast()
            #expect(try await refused.receiveConnectionError().code == .resourceExhausted)
            for stranger in flood { try? await stranger.close() }
            let worker = try await RawWorker.attached(to: router)
            #expect(router.pool.workerCount == 1)
            try await worker.close()
        }
    }

    /// Dials again while as many connections wait for the router as the kernel lets wait.
    private func dial(_ router: TestRouter) async throws -> RawWorker {
        while true {
            do {
                return try await RawWorker(to: router)
            } catch let error as IOError where error.errnoCode == EAGAIN {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}

extension EmbeddedRouter {
    /// The error with which the router ended the connection, if that is what it said last.
    func lastError() throws -> Status? {
        guard case .connectionError(let status) = try heard().last?.message else { return nil }
        return status
    }
}
