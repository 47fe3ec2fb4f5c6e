import Harmony
import HocketEngine
import HocketTesting
import NIOCore
import Testing

/// Which worker each policy chooses.
@Suite struct PlacementPolicyTests {
    // MARK: Least loaded

    @Test func longPromptsCountForMoreThanShortOnes() {
        var directory = workers(.leastLoaded, "a", "b")
        #expect(directory.place(promptTokens: 10_000) == "a")
        for _ in 0..<5 { #expect(directory.place(promptTokens: 1000) == "b") }
    }

    @Test func weightIsAShareOfTheLoad() throws {
        var directory = workers(.leastLoaded, "a", "b")
        #expect(directory.setWeight("b", try #require(WorkerWeight(rawValue: 300))) == true)
        let placed = (0..<8).map { _ in directory.place() }
        #expect(placed.count { $0 == "b" } == 6)
    }

    @Test func reportedLoadCountsBesideOnesOwn() {
        var directory = workers(.leastLoaded, "a", "b")
        directory.workerReported(WorkerLoad(waitingTokens: 5000), from: WorkerID(rawValue: 1))
        for _ in 0..<4 { #expect(directory.place(promptTokens: 1000) == "b") }
        directory.workerReported(WorkerLoad(runningStreams: 60), from: WorkerID(rawValue: 2))
        #expect(directory.place() == "a")
    }

    @Test func absurdReportsAreBorne() {
        var directory = workers(.leastLoaded, "a", "b", streamsMax: .max)
        let report = WorkerLoad(
            runningStreams: .max / 2,
            waitingStreams: .max / 2,
            waitingTokens: .max
        )
        directory.workerReported(report, from: WorkerID(rawValue: 1))
        directory.workerReported(report, from: WorkerID(rawValue: 2))
        #expect(directory.place() == "a")
    }

    // MARK: Round robin and two choices

    @Test func roundRobinGoesThroughAllInOrderOfArrival() {
        var directory = workers(.roundRobin, "a", "b", "c")
        #expect((0..<7).map { _ in directory.place() } == ["a", "b", "c", "a", "b", "c", "a"])
        directory.workerLeft(WorkerID(rawValue: 2))
        #expect((0..<3).map { _ in directory.place() } == ["c", "a", "c"])
    }

    @Test func weightsOfRoundRobinAreSharesOfTheTurns() throws {
        var directory = workers(.roundRobin, "a", "b", "c")
        #expect(directory.setWeight("a", try #require(WorkerWeight(rawValue: 200))) == true)
        #expect(directory.setWeight("c", try #require(WorkerWeight(rawValue: 50))) == true)
        let placed = (0..<14).compactMap { _ in directory.place() }.joined()
        #expect(placed == "abcaabaabcaaba")
        #expect(placed.count { $0 == "a" } == 8)
        #expect(placed.count { $0 == "b" } == 4)
        #expect(placed.count { $0 == "c" } == 2)
    }

    @Test func workerThatWasFullHasNoTurnsToCatchUpOn() {
        var directory = workers(.roundRobin, "a", "b", streamsMax: 64)
        let c = WorkerRegistration.example("c", streamsMax: 1)
        _ = directory.workerArrived(c, over: "c")
        #expect((0..<9).map { _ in directory.place() }.count { $0 == "c" } == 1)
        let demand = SamplingDemand(model: "m", promptTokens: 100, outputTokensMax: 0)
        var turns = 0
        for _ in 0..<6 {
            directory.samplingEnded(demand, on: WorkerID(rawValue: 3), .served, at: .start)
            repeat { turns += 1 } while directory.place() != "c"
        }
        #expect(turns == 16)
    }

    @Test func weightHoldsWithoutLoadToo() throws {
        var directory = workers(.leastLoaded, "a", "b")
        #expect(directory.setWeight("a", try #require(WorkerWeight(rawValue: 1))) == true)
        #expect(directory.place() == "b")
    }

    @Test func twoChoicesTakeTheLessLoadedOfThoseDrawn() {
        // Each has a capacity of 6400, so that draws below that are the first of those left.
        let draws = Draws([0, 0, 12_800, 6400, 0, 0])
        var directory = workers(.powerOfTwoChoices, "a", "b", "c", random: draws.next)
        #expect(directory.place() == "a")
        // c and b are drawn: the first wins a tie.
        #expect(directory.place() == "c")
        // a and b.
        #expect(directory.place() == "b")
    }

    @Test func twoChoicesDrawByWeight() throws {
        // Without load, the first one drawn is taken: a's share is a quarter.
        let randomness = SeededRandomness(seed: 1)
        var directory = workers(.powerOfTwoChoices, "a", "b", random: { randomness.next() })
        #expect(directory.setWeight("b", try #require(WorkerWeight(rawValue: 300))) == true)
        let demand = SamplingDemand(model: "m", promptTokens: 100, outputTokensMax: 0)
        var first = 0
        for _ in 0..<1000 {
            guard case .placed(let id, let name) = directory.samplingArrived(demand, at: .start)
            else { return #expect(Bool(false), "nobody has room") }
            if name == "a" { first += 1 }
            directory.samplingEnded(demand, on: id, .served, at: .start)
        }
        #expect((200...300).contains(first))
    }

    @Test func twoChoicesOfOneTakeThatOne() {
        var directory = workers(.powerOfTwoChoices, "a")
        #expect(directory.place() == "a")
    }

    // MARK: Prefix affine

    @Test func longestSharedPrefixWins() {
        var directory = workers(.prefixAffine, "a", "b", "c")
        let talk = tokens(1, 4000)
        #expect(directory.place(talk) == "a")
        #expect(directory.place(tokens(2, 4000)) == "b")
        directory.end(talk, at: 1)
        #expect(directory.place(talk + tokens(3, 500)) == "a")
    }

    @Test func whatLessThanHalfOfThePromptSharesTiesItToNobody() {
        var directory = workers(.prefixAffine, "a", "b")
        let system = tokens(1, 1000)
        #expect(directory.place(system + tokens(2, 1500)) == "a")
        #expect(directory.place(system + tokens(3, 1500)) == "b")
    }

    @Test func loadIsABrakeOnAffinity() {
        var directory = workers(.prefixAffine, "a", "b")
        let talk = tokens(1, 4000)
        let placed = (0..<12).map { _ in directory.place(talk) }
        #expect(placed.first == "a")
        #expect(placed.contains("b"))
        #expect(abs(placed.count { $0 == "a" } - placed.count { $0 == "b" }) <= 8)
    }

    @Test func sessionWinsOverThePrefix() {
        var directory = workers(.prefixAffine, "a", "b")
        let shared = tokens(1, 2000)
        #expect(directory.place(shared, session: "x") == "a")
        #expect(directory.place(tokens(2, 2000), session: "y") == "b")
        directory.end(shared, at: 1)
        directory.end(shared, at: 2)
        // Both are idle, and "a" came first.
        #expect(directory.place(shared, session: "y") == "b")
        #expect(directory.place(tokens(3, 2000), session: "x") == "a")
    }

    @Test func sessionsAreToldApartByTheirWholeKeys() {
        var directory = workers(.prefixAffine, "a", "b", "c")
        #expect(directory.place(tokens(1, 300), session: "session-1") == "a")
        #expect(directory.place(tokens(2, 300), session: "session-12") == "b")
        #expect(directory.place(tokens(3, 300), session: "session-1") == "a")
    }

    @Test func loadIsABrakeOnSessions() {
        var directory = workers(.prefixAffine, "a", "b")
        let placed = (0..<8).map { directory.place(tokens(UInt32($0), 300), session: "x") }
        #expect(Set(placed) == ["a", "b"])
    }

    @Test func affinityEndsWithTheWorker() {
        var directory = workers(.prefixAffine, "a", "b")
        let talk = tokens(1, 4000)
        #expect(directory.place(talk, session: "x") == "a")
        directory.end(talk, at: 1)
        directory.workerLeft(WorkerID(rawValue: 1))
        _ = directory.workerArrived(.example("c", streamsMax: 64), over: "c")
        #expect(directory.place(talk, session: "x") == "b")
        #expect(directory.place(tokens(5, 4000)) == "c")
    }

    @Test func modelsShareNothing() {
        let both = ["m": 100, "n": 100]
        var directory = WorkerDirectory<String>(policy: .prefixAffine)
        for name in ["a", "b"] {
            _ = directory.workerArrived(.example(name, models: both), over: name)
        }
        let talk = tokens(1, 4000)
        #expect(directory.place(talk, model: "m", session: "x") == "a")
        #expect(directory.place(talk, model: "n", session: "x") == "b")
    }

    // MARK: Helpers

    private func workers(
        _ policy: PlacementPolicy,
        _ names: String...,
        streamsMax: Int = 64,
        random: @escaping @Sendable () -> UInt64 = { 0 }
    ) -> WorkerDirectory<String> {
        var directory = WorkerDirectory<String>(policy: policy, random: random)
        for name in names {
            _ = directory.workerArrived(.example(name, streamsMax: streamsMax), over: name)
        }
        return directory
    }

    /// A prompt that shares nothing with those of other seeds.
    private func tokens(_ seed: UInt32, _ count: Int) -> [TokenID] {
        (0..<UInt32(count)).map { $0 &* 7 &+ seed &* 100_003 }
    }
}

extension WorkerDirectory<String> {
    fileprivate mutating func place(promptTokens: Int = 100) -> String? {
        place(SamplingDemand(model: "m", promptTokens: promptTokens, outputTokensMax: 0))
    }

    fileprivate mutating func place(
        _ prompt: [TokenID],
        model: String = "m",
        session: String? = nil
    ) -> String? {
        place(.of(prompt, model: model, session: session))
    }

    fileprivate mutating func end(_ prompt: [TokenID], at number: UInt64) {
        samplingEnded(.of(prompt), on: WorkerID(rawValue: number), .served, at: .start)
    }

    private mutating func place(_ demand: SamplingDemand) -> String? {
        guard case .placed(_, let name) = samplingArrived(demand, at: .start) else { return nil }
        return name
    }
}

extension SamplingDemand {
    fileprivate static func of(
        _ prompt: [TokenID],
        model: String = "m",
        session: String? = nil
    ) -> SamplingDemand {
        var demand = SamplingDemand(model: model, promptTokens: prompt.count, outputTokensMax: 0)
        demand.affinity = PromptAffinity(model: model, sessionKey: session, prompt: prompt)
        return demand
    }
}
