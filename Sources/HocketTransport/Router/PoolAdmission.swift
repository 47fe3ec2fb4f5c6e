import HocketEngine
import NIOCore

/// A request's place in a pool.
final class PoolAdmission: Admission {
    let id: AdmissionID
    private let pool: WorkerPool

    init(_ id: AdmissionID, in pool: WorkerPool) {
        self.id = id
        self.pool = pool
    }

    var isWaiting: Bool { pool.look { $0.standing(of: id) == .waiting } }

    func wait(until moment: NIODeadline?) async throws(EngineError) -> Bool {
        try await pool.waitForTurn(id, until: moment)
    }

    func pause() { pool.tell { machine, _ in machine.samplingPostponed(id) } }

    func release() { pool.leave(id) }

    deinit { pool.leave(id) }
}
