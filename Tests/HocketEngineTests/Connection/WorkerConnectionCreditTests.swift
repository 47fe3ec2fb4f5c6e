import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// Tokens beyond a stream's credit wait in the worker, and come out in order.
@Suite struct WorkerConnectionCreditTests {
    private var machine = WorkerConnectionMachine(streamsMax: 4)

    init() throws {
        try machine.helloReceived()
        try machine.helloAckReceived()
        _ = try machine.submitReceived(on: 1, creditTokens: 3)
    }

    @Test mutating func parksTokensBeyondCredit() throws {
        #expect(machine.tokensProduced([1, 2], on: 1) == 2)
        #expect(machine.tokensProduced([3, 4, 5], on: 1) == 1)
        #expect(machine.tokensProduced([6], on: 1) == 0)
        #expect(try machine.creditReceived(2, on: 1) == .init(tokens: [4, 5]))
        #expect(try machine.creditReceived(2, on: 1) == .init(tokens: [6]))
        #expect(machine.tokensProduced([7, 8], on: 1) == 1)
    }

    @Test mutating func parkedTokensGoBeforeNewOnes() throws {
        #expect(machine.tokensProduced([1, 2, 3, 4], on: 1) == 3)
        #expect(try machine.creditReceived(0, on: 1) == .init(tokens: []))
        // Credit alone is not enough for a new token: an older one waits.
        #expect(machine.tokensProduced([5], on: 1) == 0)
        #expect(try machine.creditReceived(5, on: 1) == .init(tokens: [4, 5]))
    }

    @Test mutating func parksLogProbabilitiesWithTheirTokens() throws {
        #expect(machine.tokensProduced([1, 2, 3, 4], .counting(1...4), on: 1) == 3)
        #expect(machine.tokensProduced([5, 6], .counting(5...6), on: 1) == 0)
        let first = try machine.creditReceived(2, on: 1)
        #expect(first == .init(tokens: [4, 5], logprobs: .counting(4...5)))
        let second = try machine.creditReceived(2, on: 1)
        #expect(second == .init(tokens: [6], logprobs: .counting(6...6)))
        #expect(machine.tokensProduced([7], .counting(7...7), on: 1) == 1)
    }

    @Test mutating func sendsNothingWithoutCredit() throws {
        _ = try machine.submitReceived(on: 3, creditTokens: 0)
        #expect(machine.tokensProduced([1], on: 3) == 0)
        #expect(try machine.creditReceived(1, on: 3) == .init(tokens: [1]))
    }

    @Test mutating func finishWaitsForParkedTokens() throws {
        #expect(machine.tokensProduced([1, 2, 3, 4, 5], on: 1) == 3)
        #expect(machine.generationEnded(.stopped, on: 1) == nil)
        #expect(machine.openStreams == 1)
        #expect(try machine.creditReceived(1, on: 1) == .init(tokens: [4]))
        let freed = try machine.creditReceived(9, on: 1)
        #expect(freed.tokens == [5])
        #expect(freed.finish?.reason == .stop)
        #expect(freed.finish?.emittedTokens == 5)
        #expect(machine.openStreams == 0)
    }

    @Test mutating func creditAfterFinishIsDropped() throws {
        #expect(machine.generationEnded(.stopped, on: 1) != nil)
        #expect(try machine.creditReceived(5, on: 1) == .init(tokens: []))
    }

    @Test mutating func cancelDropsParkedTokens() throws {
        #expect(machine.tokensProduced([1, 2, 3, 4, 5], on: 1) == 3)
        let action = try machine.cancelReceived(on: 1)
        #expect(action?.finish.emittedTokens == 3)
        #expect(action?.engineRuns == true)
    }

    @Test mutating func cancelAfterTheEngineEndedSaysCancelled() throws {
        // The stop token was parked and is dropped: "stopped" would be a lie.
        let usage = TokenUsage(promptTokens: 2, outputTokens: 5)
        _ = machine.tokensProduced([1, 2, 3, 4, 5], on: 1)
        _ = machine.generationEnded(Finish(.stop, usage: usage, emittedTokens: 0), on: 1)
        let action = try machine.cancelReceived(on: 1)
        #expect(action?.finish == Finish(.cancelled, usage: usage, emittedTokens: 3))
        #expect(action?.engineRuns == false)
    }

    @Test mutating func tokensAfterTheEngineEndedTheStreamAreDropped() throws {
        _ = machine.tokensProduced([1, 2, 3, 4], on: 1)
        _ = machine.generationEnded(.stopped, on: 1)
        #expect(machine.tokensProduced([5], on: 1) == 0)
        #expect(machine.generationEnded(Finish(.length, emittedTokens: 0), on: 1) == nil)
        let freed = try machine.creditReceived(9, on: 1)
        #expect(freed.tokens == [4])
        #expect(freed.finish?.reason == .stop)
    }

    @Test mutating func streamsHaveCreditOfTheirOwn() throws {
        _ = try machine.submitReceived(on: 3, creditTokens: 2)
        #expect(machine.tokensProduced([1, 2, 3, 4], on: 1) == 3)
        #expect(machine.tokensProduced([1, 2], on: 3) == 2)
        #expect(try machine.creditReceived(1, on: 3) == .init(tokens: []))
        #expect(machine.tokensProduced([3], on: 3) == 1)
    }
}

extension LogprobColumns {
    /// A token for each number, beside it the token of that id.
    fileprivate static func counting(_ numbers: ClosedRange<UInt32>) -> LogprobColumns {
        var columns = LogprobColumns(topCount: 1)
        for number in numbers {
            columns.append(-Float(number), top: [(tokenID: number, logprob: -Float(number))])
        }
        return columns
    }
}
