import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Samplings whose time is over, in a time that the test moves.
@Suite struct DeadlineTests {
    private let router: EmbeddedRouter

    init() throws {
        router = try EmbeddedRouter()
    }

    private func deadline(in amount: TimeAmount) -> NIODeadline {
        router.channel.eventLoop.now + amount
    }

    @Test func workerIsToldHowMuchTimeIsLeft() throws {
        let request = GenerationRequest.example(deadline: deadline(in: .seconds(3)))
        router.pass(.seconds(1))
        _ = router.submit(request)
        guard case .submit(let submit) = try router.heard().first?.message else {
            Issue.record("no SUBMIT")
            return
        }
        #expect(submit.deadlineNanoseconds == 2_000_000_000)
    }

    @Test func samplingWithoutTimeIsNotSubmitted() throws {
        let sampling = router.submit(.example(deadline: deadline(in: .zero)))
        #expect(try router.heardTypes() == [])
        #expect(sampling.error?.code == .deadlineExceeded)
        #expect(!sampling.isNotBegun)
    }

    @Test func workersOwnEndIsWhatCounts() throws {
        let sampling = router.submit(.example(deadline: deadline(in: .seconds(1))))
        _ = try router.heard()
        try router.accept(1)
        router.pass(.milliseconds(1_100))
        try router.say(.finish(Finish(.deadline, emittedTokens: 0)), on: 1)
        #expect(sampling.error?.code == .deadlineExceeded)
        #expect(try router.heardTypes() == [])
    }

    @Test func routerEndsWhatTheWorkerDoesNot() throws {
        let sampling = router.submit(.example(deadline: deadline(in: .seconds(1))))
        _ = try router.heard()
        try router.accept(1)
        router.pass(.milliseconds(1_200))
        #expect(sampling.error == nil)
        router.pass(.milliseconds(300))
        #expect(sampling.error?.code == .deadlineExceeded)
        #expect(
            try router.heard() == [.init(message: .cancel(Cancel(.deadline)), stream: 1)]
        )
        try router.say([5], on: 1)
        try router.say(.finish(Finish(.cancelled, emittedTokens: 1)), on: 1)
        #expect(sampling.sink.tokens == [])
        #expect(router.channel.isActive)
    }

    @Test(arguments: [.clientGone, .satisfied, .slowClient] as [Cancel.Reason])
    func workerThatDoesNotAnswerCancelIsGivenUp(reason: Cancel.Reason) throws {
        let sampling = router.submit()
        let other = router.submit()
        sampling.stream.cancel(reason)
        #expect(try router.heard().last == .init(message: .cancel(Cancel(reason)), stream: 1))
        router.pass(.milliseconds(4_900))
        #expect(router.channel.isActive)
        router.pass(.milliseconds(400))
        guard case .connectionError(let status) = try router.heard().last?.message else {
            Issue.record("no CONN_ERROR")
            return
        }
        #expect(status.message.contains("no FINISH came on stream 1 within 5.0 s of CANCEL"))
        #expect(sampling.error != nil)
        #expect(other.isNotBegun)
    }

    @Test func satisfiedCallerLearnsWhatWasUsed() throws {
        let sampling = router.submit()
        try router.accept(1)
        try router.say([5, 6], on: 1)
        sampling.stream.cancel(.satisfied)
        #expect(sampling.outcome == nil)
        try router.say([7], on: 1)
        let usage = TokenUsage(promptTokens: 3, cachedTokens: 2, outputTokens: 4)
        try router.say(.finish(Finish(.cancelled, usage: usage, emittedTokens: 3)), on: 1)
        #expect(sampling.outcome == GenerationOutcome(reason: .satisfied, usage: usage))
        #expect(sampling.sink.tokens == [5, 6])
        #expect(router.pool.samplingTotals.cancelledUsage == TokenUsage())
    }

    @Test func whatWasUsedForNobodyIsCounted() throws {
        for stream in [1, 3] as [StreamID] {
            let sampling = router.submit()
            try router.accept(stream)
            sampling.stream.cancel(.clientGone)
            #expect(sampling.error?.code == .cancelled)
            let usage = TokenUsage(promptTokens: 3, cachedTokens: 1, outputTokens: 4)
            try router.say(.finish(Finish(.cancelled, usage: usage, emittedTokens: 0)), on: stream)
        }
        #expect(
            router.pool.samplingTotals.cancelledUsage
                == TokenUsage(promptTokens: 6, cachedTokens: 2, outputTokens: 8)
        )
    }
}
