import HocketTesting
import HocketWire
import Testing

@testable import HocketConformance

/// The ledger of one connection: frames in, broken rules out.
struct ConnectionLedgerTests {
    private static let hello = Hello(
        role: .worker,
        instanceID: InstanceID(rawValue: 1),
        name: "w",
        build: "test",
        clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 1)
    )

    /// A ledger of a worker that was let in, with stream 1 opened for three tokens of credit two.
    private static func opened() -> ConnectionLedger {
        var ledger = ConnectionLedger()
        ledger.received(.hello(hello), on: .connection)
        ledger.sent(.helloAck(HelloAck(workerID: "w")), on: .connection, bytes: 20)
        let submit = Submit(
            requestID: RequestID(rawValue: 1),
            prompt: [1],
            creditTokens: 2,
            sampling: Sampling(outputTokensMax: 3, stopTokenIDs: [9])
        )
        ledger.sent(.submit(submit), on: 1, bytes: 50)
        return ledger
    }

    private static func tokens(
        _ ids: [UInt32],
        _ stream: StreamID,
        _ ledger: inout ConnectionLedger
    ) {
        ledger.received(tokens: ids.span, on: stream)
    }

    @Test func findsNothingInAStreamThatKeepsToTheRules() {
        var ledger = Self.opened()
        ledger.received(.credit(Credit(50)), on: .connection)
        ledger.received(.accept(Accept()), on: 1)
        Self.tokens([5, 6], 1, &ledger)
        ledger.sent(.credit(Credit(4)), on: 1, bytes: 18)
        Self.tokens([9], 1, &ledger)
        ledger.received(.finish(Finish(.stop, matchedStopID: 9, emittedTokens: 3)), on: 1)
        #expect(ledger.violations == [])
        #expect(ledger.streams[1]?.tokens == [5, 6, 9])
        #expect(ledger.streams[1]?.finish?.reason == .stop)
    }

    @Test func noticesTokensBeyondTheCredit() {
        var ledger = Self.opened()
        ledger.received(.accept(Accept()), on: 1)
        Self.tokens([5, 6, 7], 1, &ledger)
        #expect(ledger.violations.map(\.rule) == [.credit])
        #expect(
            ledger.violations.first?.message == "stream 1 has sent 3 tokens of 2 that were granted"
        )
    }

    @Test func noticesTokensAndTheEndOfAStreamThatWasNotAccepted() {
        var ledger = Self.opened()
        Self.tokens([5], 1, &ledger)
        ledger.received(.finish(Finish(.length, emittedTokens: 1)), on: 1)
        #expect(ledger.violations.map(\.rule) == [.acceptFirst, .acceptFirst])
    }

    @Test func noticesACountThatIsNotThatOfTheTokens() {
        var ledger = Self.opened()
        ledger.received(.accept(Accept()), on: 1)
        Self.tokens([5], 1, &ledger)
        ledger.received(.finish(Finish(.length, emittedTokens: 2)), on: 1)
        #expect(ledger.violations.map(\.message) == ["FINISH on 1 counts 2 tokens; 1 came"])
    }

    @Test func noticesOutputBehindItsEnd() {
        var ledger = Self.opened()
        ledger.received(.accept(Accept()), on: 1)
        Self.tokens([9, 5], 1, &ledger)
        ledger.sent(.credit(Credit(9)), on: 1, bytes: 18)
        Self.tokens([5, 5], 1, &ledger)
        let rules = ledger.violations.map(\.rule)
        #expect(rules == [.outputEnd, .outputEnd, .outputEnd])
    }

    @Test func noticesAStopTokenThatWasNotTheLast() {
        var ledger = Self.opened()
        ledger.received(.accept(Accept()), on: 1)
        Self.tokens([5], 1, &ledger)
        ledger.received(.finish(Finish(.stop, matchedStopID: 9, emittedTokens: 1)), on: 1)
        #expect(ledger.violations.map(\.rule) == [.outputEnd])
    }

    @Test func noticesLogProbabilitiesThatNobodyAskedFor() {
        var ledger = Self.opened()
        ledger.received(.accept(Accept()), on: 1)
        ledger.received(tokens: [5].span, [TokenLogprobs(logprob: -1)], on: 1)
        #expect(ledger.violations.map(\.rule) == [.unaskedLogprobs])
    }

    @Test func noticesFramesOfStreamsThatHaveEndedOrNeverBegan() {
        var ledger = Self.opened()
        ledger.received(.streamError(Status(.notFound, "none")), on: 1)
        ledger.received(.accept(Accept()), on: 1)
        Self.tokens([5], 3, &ledger)
        #expect(ledger.violations.map(\.rule) == [.openStreams, .openStreams])
        #expect(ledger.streams[1]?.refusal?.code == .notFound)
    }

    @Test func takesWhatCrossesTheRoutersStreamErrorForNoFault() {
        var ledger = Self.opened()
        ledger.received(.accept(Accept()), on: 1)
        ledger.sent(.streamError(Status(.internal, "enough")), on: 1, bytes: 30)
        Self.tokens([5], 1, &ledger)
        ledger.received(.finish(Finish(.length, emittedTokens: 1)), on: 1)
        #expect(ledger.violations == [])
    }

    @Test func noticesFramesBeforeHelloAckAndASecondHello() {
        var ledger = ConnectionLedger()
        let status = WorkerStatus(health: .serving, monotonicNanoseconds: 1)
        ledger.received(.status(status), on: .connection)
        ledger.received(.hello(Self.hello), on: .connection)
        ledger.received(.hello(Self.hello), on: .connection)
        #expect(ledger.violations.map(\.rule) == [.greeting, .greeting])
    }

    @Test func noticesMoreBytesGivenBackThanWereTaken() {
        var ledger = Self.opened()
        ledger.received(.credit(Credit(51)), on: .connection)
        #expect(ledger.violations.map(\.rule) == [.byteWindow])
    }

    @Test func noticesAQueryThatWasNotAgreedOn() {
        var ledger = Self.opened()
        ledger.received(.query(Query(method: "describe")), on: 2)
        #expect(ledger.violations.map(\.rule) == [.frames])
    }
}
