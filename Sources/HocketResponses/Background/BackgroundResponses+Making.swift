import HocketEngine
import NIOCore
import ServiceLifecycle
import Synchronization

/// How responses are made, and how they end with the service.
extension BackgroundResponses {
    func makeAll() async {
        await withDiscardingTaskGroup { group in
            for await response in starts {
                group.addTask { await self.make(response) }
            }
        }
    }

    /// Makes a response whose turn it is, unless it has to wait for another: then it is called once
    /// more.
    private func make(_ response: BackgroundResponse) async {
        if response.askForWorker() {
            let mayWait = tell { $0.mustWaitForWorker(response.id) }
            if !mayWait { await response.stop(.shutDown) }
            await response.waitForWorker()
            guard tell({ $0.workerCame(response.id) }) else { return response.letOthersGoFirst() }
        }
        await response.run(on: eventLoops.next())
        remove(response)
        tell { $0.ended(response.id) }
    }

    /// Tells the queue of an event, and starts those whose turn it is then.
    @discardableResult
    private func tell<Result: Sendable>(
        _ event: (inout BackgroundQueue) -> Result
    ) -> Result {
        state.withLock { state in
            let result = event(&state.queue)
            startTurns(&state)
            return result
        }
    }

    /// Cancelled, it does the same in a hurry.
    func endAtShutdown() async {
        try? await gracefulShutdown()
        for response in beginToEnd() {
            await response.stop(.shutDown)
            remove(response)
        }
        try? await clock.sleep(for: limits.drainTimeout)
        for response in state.withLock({ $0.responses.values.map(\.self) }) {
            await response.stop(.shutDown)
        }
    }

    /// - Returns: those whose turn will not come, in no order.
    private func beginToEnd() -> [BackgroundResponse] {
        state.withLock { state in
            state.phase = .ending
            startsContinuation.finish()
            defer { state.queue.closed() }
            return state.queue.unbegun.compactMap { state.responses[$0] }
        }
    }
}
