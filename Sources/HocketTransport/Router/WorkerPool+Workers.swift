import HocketEngine
import HocketWire
import NIOCore
import Synchronization

/// What the workers' connections report.
extension WorkerPool {
    func workerArrived(
        _ registration: WorkerRegistration,
        over connection: WorkerConnection
    ) -> WorkerDirectory<WorkerConnection>.OnRegister {
        changeWorkers { $0.workerArrived(registration, over: connection) }
    }

    func workerStartedDraining(_ id: WorkerID) {
        changeWorkers { $0.workerStartedDraining(id) }
    }

    func workerReported(_ load: WorkerLoad, from id: WorkerID) {
        changeWorkers { $0.workerReported(load, from: id) }
    }

    func samplingUsedAfterCancel(_ usage: TokenUsage) {
        state.withLock { state in
            state.usageAfterCancel.promptTokens += usage.promptTokens
            state.usageAfterCancel.cachedTokens += usage.cachedTokens
            state.usageAfterCancel.outputTokens += usage.outputTokens
        }
    }

    func workerLeft(_ id: WorkerID, _ departure: WorkerDeparture) {
        changeWorkers { $0.workerLeft(id, departure, at: eventLoop.now) }
    }
}
