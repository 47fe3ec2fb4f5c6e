import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ProgramLifecycleTests {
    private var program = ProgramLifecycle<String, Int>()
    private let crash = ToolError(code: .unreachable, message: "it crashed")

    private mutating func need(_ place: Int, at now: Duration = .zero) -> String {
        switch program.needed(at: now, waitingIn: place) {
        case .use(let connection): connection
        case .wait: "wait"
        case .refuse(let error): error.message
        }
    }

    @Test mutating func startsWhenSomebodyNeedsIt() {
        #expect(!program.isWanted)
        #expect(need(1) == "wait")
        #expect(need(2) == "wait")
        #expect(program.isWanted)
        #expect(program.started("run 1") == [1, 2])
        #expect(!program.isWanted)
        #expect(need(3) == "run 1")
    }

    @Test mutating func tellsThoseWhoWaitedThatItCannotBeStarted() {
        #expect(need(1) == "wait")
        #expect(program.ended(crash, restUntil: nil) == [1])
        #expect(!program.isWanted)
        #expect(need(2) == "wait")
    }

    @Test mutating func keepsThoseWhoComeWhileItEndsForTheNextRun() {
        #expect(need(1) == "wait")
        #expect(program.started("run 1") == [1])
        #expect(program.ending() == "run 1")
        #expect(program.ending() == nil)
        #expect(need(2) == "wait")
        #expect(!program.isWanted)
        #expect(program.ended(crash, restUntil: nil) == [])
        #expect(program.isWanted)
        #expect(program.started("run 2") == [2])
    }

    @Test mutating func refusesWhileItRests() {
        #expect(need(1) == "wait")
        #expect(program.started("run 1") == [1])
        #expect(program.ending() == "run 1")
        #expect(need(2) == "wait")
        #expect(program.ended(crash, restUntil: .seconds(5)) == [2])
        #expect(need(3, at: .seconds(4)).contains("started again in 1.0 seconds"))
        #expect(!program.isWanted)
        #expect(need(4, at: .seconds(5)) == "wait")
        #expect(program.isWanted)
    }

    @Test mutating func refusesForEverOnceClosed() {
        #expect(need(1) == "wait")
        #expect(program.closed(crash) == [1])
        #expect(need(2) == "it crashed")
        #expect(program.ended(crash, restUntil: nil) == [])
        #expect(need(3) == "it crashed")
        #expect(!program.isWanted)
    }

    @Test func waitsLongerForAProgramThatEndsAgainAndAgain() {
        var backoff = RestartBackoff()
        let delays = (0..<10).map { _ in backoff.ended(after: .seconds(1), wasAsked: false) }
        #expect(
            delays
                == [0, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]
                .map(Duration.milliseconds)
        )
        #expect(backoff.ended(after: .seconds(60), wasAsked: false) == .zero)
        #expect(backoff.ended(after: .seconds(1), wasAsked: false) == .milliseconds(500))
        #expect(backoff.ended(after: .seconds(1), wasAsked: true) == .zero)
        #expect(backoff.ended(after: .seconds(1), wasAsked: false) == .zero)
    }
}
