import HocketConformance
import HocketTesting
import HocketTransport
import HocketWire
import Logging
import NIOCore
import NIOPosix
import Testing

/// The check against workers that are right, and that are wrong in one way.
@Suite(.timeLimit(.minutes(5))) struct WorkerCheckTests {
    @Test(
        arguments: [
            (false, ["logprobs", "top-logprobs"]),
            (true, ["unoffered-logprobs", "unoffered-top-logprobs"]),
        ]
    )
    func passesAWorkerThatKeepsToTheProtocol(
        offersLogprobs: Bool,
        skipped: [String]
    ) async throws {
        let report = try await check(nil, offersLogprobs: offersLogprobs)
        #expect(report.results.filter(\.isFailure) == [])
        #expect(report.results.filter { $0.verdict != .passed }.map(\.name) == skipped)
        #expect(report.subject?.name == "faulty")
    }

    @Test(arguments: Fault.allCases) func failsJustTheCaseOfAFault(fault: Fault) async throws {
        let report = try await check(fault)
        let failures = report.results.filter(\.isFailure)
        #expect(failures.map(\.name) == [fault.failing], "\(failures.map(\.line))")
    }

    @Test func everyCaseHasANameOfItsOwn() {
        let names = CheckCase.all.map(\.name) + CheckRule.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
    }

    @Test func aWorkerThatNeverComesIsOneFailure() async throws {
        try await withCheck(patience: 1) { check, _, _ in
            let report = try await check.run()
            #expect(report.failures == 1)
            #expect(report.subject == nil)
            #expect(report.results.first?.verdict == .failed("no worker dialled within 1 s"))
            #expect(report.skips == report.results.count - 1)
        }
    }

    /// Cases that keep a machine busy; of faulty workers only those are put to them whose they are.
    private static let busyCases: Set = ["never-reads", "submit-and-cancel"]

    private func check(
        _ fault: Fault?,
        offersLogprobs: Bool = false
    ) async throws -> CheckReport {
        let cases = CheckCase.all.filter { each in
            guard let fault, Self.busyCases.contains(each.name) else { return true }
            return fault.failing == each.name
        }
        return try await withCheck(patience: 30) { check, path, group in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                let worker = FaultyWorker(
                    path: path,
                    fault: fault,
                    offersLogprobs: offersLogprobs || fault?.offersLogprobs == true,
                    group: group
                )
                tasks.addTask { try await worker.run() }
                let report = try await check.run(cases)
                tasks.cancelAll()
                return report
            }
        }
    }

    private func withCheck<Result: Sendable>(
        patience: Int,
        _ body: (WorkerCheck, SocketPath, MultiThreadedEventLoopGroup) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = try SocketPath(folder.file("c.sock"))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let identity = ProcessIdentity(
            instanceID: InstanceID(rawValue: 1),
            name: "check",
            build: "test",
            clock: { PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2) }
        )
        let check = WorkerCheck(
            .listen(path),
            options: CheckOptions(arrivalSecondsMax: patience, returnSecondsMax: 10),
            identity: identity,
            group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let result = try await body(check, path, group)
        try await group.shutdownGracefully()
        return result
    }
}
