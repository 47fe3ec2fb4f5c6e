import NIOCore
import Testing

/// Rules that are broken on purpose: the simulation can fail, and what it calls a violation is one.
@Suite struct BrokenRuleTests {
    /// Calm seeds: nothing else goes wrong.
    private static let seeds: [UInt64] = [8, 16, 24]

    @Test(arguments: seeds)
    func tokensThatAnEngineGetsWrongAreNoticedByTheInvariants(seed: UInt64) throws {
        for breach in EngineBreach.allCases {
            let report = try BridgeSimulation(seed: seed, breach: .engine(breach)).run()
            #expect(report.violations.contains { $0.contains("instead of") }, "\(breach)")
            #expect(report.counts["protocolViolation"] == nil, "\(breach)")
        }
    }

    @Test(arguments: seeds)
    func lostTokensAndRepeatedOnesFailTheirRequests(seed: UInt64) throws {
        for breach in [FrameBreach.losesToken, .repeatsStep] {
            let simulation = BridgeSimulation(seed: seed, breach: .frames(breach)) {
                // Credit for a token that was lost does not come back: there must be enough.
                $0.windowTokens = 64
            }
            let report = try simulation.run()
            #expect(report.counts["protocolViolation", default: 0] > 0, "\(breach), \(report)")
            // What is behind the gap was delivered before FINISH told how many there are.
            let gaps = ["instead of", "more than its", "has credit"]
            for violation in report.violations {
                #expect(gaps.contains { violation.contains($0) }, "\(breach), \(report)")
            }
        }
    }

    @Test(arguments: seeds)
    func secondFinishIsNoMatter(seed: UInt64) throws {
        let report = try BridgeSimulation(seed: seed, breach: .frames(.finishesTwice)).run()
        #expect(report.violations.isEmpty)
        #expect(report.counts["protocolViolation"] == nil)
        #expect(report.counts["succeeded", default: 0] > 0)
    }

    @Test(arguments: seeds)
    func tokensBeyondCreditReachNobody(seed: UInt64) throws {
        let report = try BridgeSimulation(seed: seed, breach: .frames(.exceedsCredit)).run()
        #expect(report.violations.isEmpty)
        #expect(report.counts["protocolViolation", default: 0] > 0)
    }

    @Test(arguments: [FrameBreach.ignoresCancel, .inventsStream, .fallsSilent], seeds)
    func workerThatCannotBeReliedOnIsGivenUp(breach: FrameBreach, seed: UInt64) throws {
        let simulation = BridgeSimulation(seed: seed, breach: .frames(breach)) { plan in
            for index in plan.requests.indices {
                plan.requests[index].samplings[0].leavesAtToken = 1
                plan.requests[index].samplings[0].sequence = TokenSequence(
                    number: UInt32(10 * index),
                    count: 100
                )
            }
        }
        let report = try simulation.run()
        #expect(report.violations.isEmpty)
        #expect(report.counts["given up", default: 0] > 0, "\(report)")
    }

    @Test(arguments: seeds)
    func workerThatNeverFinishesIsGivenUp(seed: UInt64) throws {
        let simulation = BridgeSimulation(seed: seed, breach: .frames(.neverFinishes)) { plan in
            plan.keepOnePatientRequest()
        }
        let report = try simulation.run()
        #expect(report.violations.isEmpty)
        #expect(report.counts["given up", default: 0] > 0, "\(report)")
    }

    @Test(arguments: seeds)
    func clientThatNeverTakesItsTokensIsNoticed(seed: UInt64) throws {
        let simulation = BridgeSimulation(seed: seed) { plan in
            plan.windowTokens = 2
            plan.keepOnePatientRequest()
            plan.requests[0].samplings[0].pausePercent = 100
            plan.requests[0].samplings[0].pauseMax = nil
        }
        let report = try simulation.run()
        #expect(report.violations == ["request 0 is not over"])
        // Once its task was cancelled nothing was left of it.
        #expect(report.counts["cancelled"] == 1)
    }
}

extension SimulationPlan {
    /// Nothing but its worker ends what is asked for.
    fileprivate mutating func keepOnePatientRequest() {
        requests = Array(requests.prefix(1))
        requests[0].patience = nil
        requests[0].cancelledAfter = nil
        requests[0].samplings[0].leavesAtToken = nil
        requests[0].samplings[0].sequence = TokenSequence(number: 0, count: 100)
        patience = .seconds(30)
    }
}
