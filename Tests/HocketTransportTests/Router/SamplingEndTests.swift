import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// What a worker's last word on a stream means: for the caller, for another worker, and for the
/// circuit breaker.
@Suite struct SamplingEndTests {
    private let router: EmbeddedRouter

    init() throws {
        router = try EmbeddedRouter()
    }

    // MARK: FINISH

    @Test func errorBeforeTheFirstTokenMovesAsARefusalDoes() throws {
        let sampling = try finish(.error, Status(.internal, "out of memory", isRetryable: true))
        #expect(sampling.isNotBegun)
        #expect(sampling.error?.code == .internalFault)
        #expect(sampling.end?.moveReason == .failure)
        #expect(sampling.end?.verdict == .faulted)
    }

    @Test func errorAfterTokensDoesNotMove() throws {
        let status = Status(.internal, "out of memory", isRetryable: true)
        let sampling = try finish(.error, status, after: [5])
        #expect(!sampling.isNotBegun)
        #expect(sampling.end?.moveReason == nil)
    }

    @Test func errorThatIsFinalDoesNotMove() throws {
        let sampling = try finish(.error, Status(.invalidArgument, "too long"))
        #expect(!sampling.isNotBegun)
        #expect(sampling.error?.code == .invalidArgument)
    }

    @Test func streamThatItsEngineGaveUpIsUnavailableAndNoFault() throws {
        let sampling = try finish(.aborted)
        #expect(sampling.isNotBegun)
        #expect(sampling.error?.code == .unavailable)
        #expect(sampling.error?.isRetryable == true)
        #expect(sampling.end?.verdict == .neutral)
        let begun = try finish(.aborted, after: [5], on: 3)
        #expect(begun.error?.code == .unavailable)
        #expect(!begun.isNotBegun)
        #expect(begun.end?.verdict == .neutral)
    }

    @Test func cancellationThatNobodyAskedForIsTheWorkersFault() throws {
        let sampling = try finish(.cancelled)
        #expect(sampling.error?.code == .protocolViolation)
        #expect(sampling.isNotBegun)
        #expect(sampling.end?.verdict == .faulted)
        let begun = try finish(.cancelled, after: [5], on: 3)
        #expect(begun.error?.code == .protocolViolation)
        #expect(!begun.isNotBegun)
    }

    @Test func deadlineThatTheStreamDidNotHaveIsTheWorkersFault() throws {
        let sampling = try finish(.deadline)
        #expect(sampling.error?.code == .protocolViolation)
        #expect(sampling.isNotBegun)
        #expect(sampling.end?.verdict == .faulted)
        let begun = try finish(.deadline, after: [5], on: 3)
        #expect(begun.error?.code == .protocolViolation)
        #expect(!begun.isNotBegun)
    }

    @Test func endWithoutAReasonSaysSo() throws {
        let sampling = try finish(.unspecified)
        #expect(sampling.error?.code == .internalFault)
        #expect(sampling.error?.message == "the worker failed and told no reason")
    }

    // MARK: Draining

    @Test func refusalAfterStatusDrainingIsNoFaultAndNoRetry() throws {
        let sampling = router.submit()
        try router.say(.status(.example(.draining)))
        let status = Status(.unavailable, "the worker drains", isRetryable: true)
        try router.say(.streamError(status), on: 1)
        #expect(sampling.isNotBegun)
        #expect(sampling.end?.verdict == .neutral)
        #expect(sampling.end?.moveReason == .drain)
    }

    @Test func refusalAsUnavailableOfAWorkerThatDoesNotDrainIsAFault() throws {
        let sampling = router.submit()
        let status = Status(.unavailable, "not now", isRetryable: true)
        try router.say(.streamError(status), on: 1)
        #expect(sampling.isNotBegun)
        #expect(sampling.end?.verdict == .faulted)
        #expect(sampling.end?.moveReason == .failure)
    }

    @Test func streamThatItsDrainingWorkerGivesUpIsNoFault() throws {
        let sampling = router.submit()
        try router.accept(1)
        try router.say([5], on: 1)
        try router.say(.goAway(GoAway(lastStreamID: 1, reason: .shutdown)))
        let status = Status(.unavailable, "the time for draining is over", isRetryable: true)
        try router.say(.streamError(status), on: 1)
        #expect(sampling.error?.code == .unavailable)
        #expect(!sampling.isNotBegun)
        #expect(sampling.end?.verdict == .neutral)
    }

    @Test func streamThatTheRoutersOwnDrainCutsIsNoFault() throws {
        let sampling = router.submit()
        try router.accept(1)
        try router.say([5], on: 1)
        router.handler.drain(.replaced, within: .seconds(2), message: "replaced")
        router.pass(.seconds(4))
        #expect(sampling.error?.code == .unavailable)
        #expect(sampling.end?.verdict == .neutral)
        #expect(router.handler.isDismissed)
    }

    @Test func workerThatBreaksItsPromiseToEndItsStreamsFaults() throws {
        let sampling = router.submit()
        try router.accept(1)
        let goAway = GoAway(lastStreamID: 1, reason: .shutdown, graceMilliseconds: 2_000)
        try router.say(.goAway(goAway))
        router.pass(.seconds(4))
        // Counted once, for the connection.
        #expect(sampling.end?.verdict == .neutral)
        #expect(!router.handler.isDismissed)
    }

    @Test func satisfiedCallerWhoseWorkerOverrunsIsTold() throws {
        let router = try EmbeddedRouter(windowTokens: 4)
        let sampling = router.submit()
        try router.accept(1)
        try router.say([1, 2], on: 1)
        sampling.stream.cancel(.satisfied)
        // The first two were given back.
        try router.say([3, 4, 5, 6, 7], on: 1)
        #expect(sampling.error?.code == .protocolViolation)
        #expect(router.handler.machine.openStreams == 0)
    }

    // MARK: Helpers

    private func finish(
        _ reason: Finish.Reason,
        _ status: Status = .ok,
        after tokens: [UInt32] = [],
        on stream: StreamID = 1
    ) throws -> EmbeddedSampling {
        let sampling = router.submit()
        try router.accept(stream)
        if !tokens.isEmpty { try router.say(tokens, on: stream) }
        let finish = Finish(reason, status: status, emittedTokens: UInt64(tokens.count))
        try router.say(.finish(finish), on: stream)
        return sampling
    }
}
