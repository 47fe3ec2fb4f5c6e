import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct SessionDirectoryTests {
    private var directory = SessionDirectory<String>(sessionsMax: 2, idleLimit: .seconds(10))

    private func server(_ name: String) -> ToolServer {
        ToolServer(location: .url("https://\(name)"))
    }

    private mutating func use(_ name: String) -> String {
        switch directory.used(server(name), make: { name }) {
        case .use(let session, let victim): session + (victim.map { " closing \($0)" } ?? "")
        case .full: "full"
        }
    }

    @Test mutating func sharesASessionAmongItsUsers() {
        #expect(use("a") == "a")
        #expect(directory.used(server("a"), make: { "another" }).session == "a")
        #expect(directory.count == 1)
    }

    @Test mutating func closesTheLongestUnusedWhenThereAreTooMany() {
        #expect(use("a") == "a")
        #expect(use("b") == "b")
        directory.released(server("b"), at: .seconds(1))
        directory.released(server("a"), at: .seconds(2))
        #expect(use("c") == "c closing b")
        #expect(use("d") == "d closing a")
    }

    @Test mutating func neverClosesWhatIsInUse() {
        #expect(use("a") == "a")
        #expect(use("b") == "b")
        #expect(use("b") == "b")
        directory.released(server("b"), at: .seconds(1))
        #expect(use("c") == "full")
        directory.released(server("b"), at: .seconds(2))
        #expect(use("c") == "c closing b")
    }

    @Test mutating func closesWhatNobodyUsesForLong() {
        #expect(use("a") == "a")
        #expect(use("b") == "b")
        directory.released(server("a"), at: .seconds(1))
        #expect(directory.passed(to: .seconds(10)) == [])
        #expect(directory.passed(to: .seconds(11)) == ["a"])
        #expect(directory.count == 1)
        #expect(use("a") == "a")
        directory.released(server("a"), at: .seconds(12))
        #expect(use("a") == "a")
        #expect(directory.passed(to: .seconds(100)) == [])
    }

    /// One caller could take all places, with one URL after another, or one token after another.
    @Test mutating func leavesTheOperatorsServersTheirPlaces() {
        for name in ["a", "b"] { _ = use(name) }
        #expect(use("c") == "full")
        for token in ["1", "2", "3"] {
            let server = ToolServer(location: .configured(label: "own"), authorization: token)
            let session = directory.used(server) { "own" }.session
            #expect(session == (token == "3" ? nil : "own"))
        }
        for label in ["own", "other", "third"] {
            let server = ToolServer(location: .configured(label: label))
            #expect(directory.used(server) { label }.session == label)
        }
        #expect(directory.count == 7)
    }

    @Test mutating func closesOnlySessionsOfTheSameShare() {
        let own = ToolServer(location: .configured(label: "own"))
        _ = directory.used(own) { "own" }
        directory.released(own, at: .zero)
        for name in ["a", "b"] { _ = use(name) }
        #expect(use("c") == "full")
        directory.released(server("b"), at: .seconds(1))
        #expect(use("c") == "c closing b")
    }

    @Test mutating func makesNothingWhenThereIsNoRoom() {
        #expect(use("a") == "a")
        #expect(use("b") == "b")
        _ = directory.used(server("c")) {
            Issue.record("no session is needed")
            return "c"
        }
    }

    @Test mutating func closesEverythingAtTheEnd() {
        #expect(use("a") == "a")
        #expect(directory.ended() == ["a"])
        directory.released(server("a"), at: .seconds(1))
        #expect(directory.count == 0)
    }
}

extension SessionDirectory.OnUse {
    fileprivate var session: Session? {
        if case .use(let session, _) = self { session } else { nil }
    }
}
