import HocketTransport
import HocketWire
import NIOCore

/// What one case works with: the connections of the worker, one after the other.
final class CaseBench {
    let options: CheckOptions
    let identity: ProcessIdentity
    let source: any WorkerSource
    private let deadline: NIODeadline
    private let arrivalSecondsMax: Int
    private(set) var met: [CheckedWorker] = []

    init(
        options: CheckOptions,
        identity: ProcessIdentity,
        source: any WorkerSource,
        deadline: NIODeadline,
        arrivalSecondsMax: Int
    ) {
        self.options = options
        self.identity = identity
        self.source = source
        self.deadline = deadline
        self.arrivalSecondsMax = arrivalSecondsMax
    }

    /// Waits for the worker's next connection, and says nothing on it.
    ///
    /// - Throws: `absent` when none comes.
    func meet(limits: WireLimits = WireLimits()) async throws -> CheckedWorker {
        let end = NIODeadline.now() + .seconds(Int64(arrivalSecondsMax))
        guard let connection = try await source.next(until: end) else {
            throw CaseEnd.absent(
                source.isDialled
                    ? "no worker dialled within \(arrivalSecondsMax) s"
                    : "no worker listened within \(arrivalSecondsMax) s"
            )
        }
        let worker = CheckedWorker(
            connection,
            options: options,
            limits: limits,
            deadline: deadline
        )
        met.append(worker)
        return worker
    }

    /// Waits for the worker's next connection, and lets it in.
    func admit(
        limits: WireLimits = WireLimits(),
        statusMilliseconds: Int = 1_000
    ) async throws -> CheckedWorker {
        let worker = try await meet(limits: limits)
        try await worker.admit(
            by: identity,
            limits: limits,
            statusMilliseconds: statusMilliseconds
        )
        return worker
    }

    /// Shows that the worker came through what happened: it is there again, and serves.
    func showReturn() async throws {
        try await admit().showLife()
    }

    /// Shows that the worker does not come back after a connection on which it said `hello`.
    ///
    /// A supervisor may start it again at once, but then it is another instance.
    func showDeparture(of hello: Hello) async throws {
        guard source.isDialled else { return }
        let later = NIODeadline.now() + .seconds(3)
        guard let connection = try await source.next(until: later) else { return }
        let next = CheckedWorker(
            connection,
            options: options,
            limits: WireLimits(),
            deadline: deadline
        )
        met.append(next)
        try next.greet(by: identity)
        try require(
            try await next.hello().instanceID != hello.instanceID,
            "the worker dialled again"
        )
    }

    /// Ends all connections.
    func clear() async {
        for worker in met { await worker.close() }
    }
}
