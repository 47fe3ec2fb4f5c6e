import OpenAIAPI
import Testing

@testable import HocketResponses

/// What follows what in a response, told as transcripts.
struct ToolLoopTests {
    private static let limits = ToolLoopLimits(roundsMax: 4, callsMax: 6, timeMax: .seconds(60))
    private static let start = Duration.seconds(1000)
    private typealias Action = ToolLoop.Action

    private func loop(maxToolCalls: Int? = nil) -> ToolLoop {
        ToolLoop(limits: Self.limits, maxToolCalls: maxToolCalls, startedAt: Self.start)
    }

    @Test func asksOnceWhereNothingIsCalled() {
        var loop = loop()
        let now = Self.start
        #expect(
            loop.started(unlistedServers: 0, allowedCalls: 0, at: now)
                == .sample(callsMax: 6, note: nil)
        )
        #expect(loop.sampled(.init(), at: now) == .end)
    }

    @Test func listsThenAsksThenCallsUntilThereIsAnAnswer() {
        var loop = loop()
        let now = Self.start
        #expect(loop.started(unlistedServers: 2, allowedCalls: 0, at: now) == .list)
        #expect(loop.listed(allowedCalls: 0, at: now) == .sample(callsMax: 6, note: nil))
        #expect(
            loop.sampled(.init(heldCalls: 2), at: now + .seconds(10))
                == .call(callsMax: 6, timeLimit: .seconds(50))
        )
        #expect(loop.called(at: now + .seconds(20)) == .sample(callsMax: 4, note: nil))
        #expect(
            loop.sampled(.init(heldCalls: 1), at: now + .seconds(30))
                == .call(callsMax: 4, timeLimit: .seconds(30))
        )
        #expect(loop.called(at: now + .seconds(30)) == .sample(callsMax: 3, note: nil))
        #expect(loop.sampled(.init(), at: now + .seconds(31)) == .end)
    }

    @Test func makesAllowedCallsFirst() {
        var loop = loop()
        let now = Self.start
        #expect(
            loop.started(unlistedServers: 0, allowedCalls: 1, at: now)
                == .call(callsMax: 6, timeLimit: .seconds(60))
        )
        #expect(loop.called(at: now) == .sample(callsMax: 5, note: nil))
        #expect(loop.sampled(.init(), at: now) == .end)
    }

    @Test func makesNoMoreAllowedCallsThanTheLimitHas() {
        var loop = loop(maxToolCalls: 1)
        let now = Self.start
        #expect(
            loop.started(unlistedServers: 0, allowedCalls: 2, at: now)
                == .call(callsMax: 1, timeLimit: .seconds(60))
        )
        #expect(loop.called(at: now) == .sample(callsMax: 0, note: .lastRound(.calls(1))))
    }

    @Test func makesItsOwnCallsBeforeItWaitsForTheCaller() {
        var loop = loop()
        let now = Self.start
        _ = loop.started(unlistedServers: 0, allowedCalls: 0, at: now)
        #expect(
            loop.sampled(.init(heldCalls: 1, callerCalls: 1), at: now)
                == .call(callsMax: 6, timeLimit: .seconds(60))
        )
        #expect(loop.called(at: now) == .end)
    }

    @Test func waitsForTheCaller() {
        var loop = loop()
        _ = loop.started(unlistedServers: 0, allowedCalls: 0, at: Self.start)
        #expect(loop.sampled(.init(callerCalls: 1), at: Self.start) == .end)
    }

    @Test func endsWhereALimitCutTheModelOff() {
        var loop = loop()
        _ = loop.started(unlistedServers: 0, allowedCalls: 0, at: Self.start)
        #expect(loop.sampled(.init(isCut: true, heldCalls: 1), at: Self.start) == .end)
    }

    @Test func asksForAnAnswerWhenTheCallersLimitIsReached() {
        var loop = loop(maxToolCalls: 1)
        let now = Self.start
        #expect(
            loop.started(unlistedServers: 0, allowedCalls: 0, at: now)
                == .sample(callsMax: 1, note: nil)
        )
        _ = loop.sampled(.init(heldCalls: 1), at: now)
        #expect(
            loop.called(at: now) == .sample(callsMax: 0, note: .lastRound(.calls(1)))
        )
        #expect(loop.sampled(.init(), at: now) == .end)
    }

    @Test func neverAllowsMoreCallsThanTheOperator() {
        var loop = loop(maxToolCalls: 1000)
        #expect(
            loop.started(unlistedServers: 0, allowedCalls: 0, at: Self.start)
                == .sample(callsMax: 6, note: nil)
        )
    }

    @Test func asksForAnAnswerInTheLastRound() {
        var loop = loop()
        let now = Self.start
        _ = loop.started(unlistedServers: 0, allowedCalls: 0, at: now)
        for _ in 0..<2 {
            _ = loop.sampled(.init(heldCalls: 1), at: now)
            _ = loop.called(at: now)
        }
        _ = loop.sampled(.init(heldCalls: 1), at: now)
        #expect(
            loop.called(at: now) == .sample(callsMax: 0, note: .lastRound(.rounds(4)))
        )
        #expect(loop.sampled(.init(unknownRecipient: "x"), at: now) == .end)
    }

    @Test func asksForAnAnswerWhenTheTimeIsOver() {
        var loop = loop()
        _ = loop.started(unlistedServers: 0, allowedCalls: 0, at: Self.start)
        let late = Self.start + .seconds(61)
        #expect(loop.sampled(.init(heldCalls: 1), at: late) == .call(callsMax: 6, timeLimit: .zero))
        #expect(
            loop.called(at: late)
                == .sample(callsMax: 0, note: .lastRound(.time(.seconds(60))))
        )
    }

    @Test func tellsTheModelOfAToolThatIsNotThere() {
        var loop = ToolLoop(limits: ToolLoopLimits(), maxToolCalls: nil, startedAt: Self.start)
        let now = Self.start
        _ = loop.started(unlistedServers: 0, allowedCalls: 0, at: now)
        for _ in 0..<ToolLoop.strayCallsMax {
            #expect(
                loop.sampled(.init(unknownRecipient: "functions.x"), at: now)
                    == .sample(callsMax: 128, note: .unknownTool("functions.x"))
            )
        }
        #expect(loop.sampled(.init(unknownRecipient: "functions.x"), at: now) == .end)
    }
}
