import HocketTesting
import HocketWire
import NIOCore

@testable import HocketEngine
@testable import HocketTransport

/// What must be so after each turn.
extension BridgeSimulation {
    /// Checks what the last turn can have changed: a worker's turn only its own side.
    func checkInvariants() {
        let isRouters = host.lastProcess == router.process.id
        if isRouters { checkQueue() }
        for worker in workers where isRouters || worker.process.id == host.lastProcess {
            check(worker)
            checkMemory(of: worker)
        }
    }

    /// Who waits is counted, and told when its time is over; no worker has more than it takes.
    private func checkQueue() {
        let running = clients.count { !$0.isOver }
        let standing = router.pool.standing
        let queue = standing.queue
        log.require(
            queue.admissions <= running,
            "\(queue.admissions) admissions, but \(running) requests"
        )
        log.require(
            standing.waiters <= queue.requests,
            "\(standing.waiters) tasks wait, but \(queue.requests) requests do"
        )
        log.require(queue.tokens >= 0, "\(queue.tokens) tokens wait")
        log.require(
            (queue.requests == 0) == !standing.hasTimer,
            "\(queue.requests) requests wait, with\(standing.hasTimer ? "" : "out") a timer"
        )
        log.require(!standing.isOverdue, "somebody waits whose turn has come")
        for worker in standing.overloaded { log.violation("\(worker) has more than it takes") }
    }

    /// Credit is never negative and never beyond its window, on both ends; and nothing is parked
    /// that could be sent.
    private func check(_ worker: VirtualWorker) {
        let streams = worker.handler.machine.streams
        log.require(
            streams.count <= worker.traits.engine.streamsMax,
            "\(worker.name) has \(streams.count) streams of \(worker.traits.engine.streamsMax)"
        )
        for (id, stream) in streams { check(stream, on: id, of: worker) }
        let routed = worker.routerHandler.machine.streams
        let served = routed.elements.count { $0.recipient != nil }
        log.require(
            served <= worker.traits.engine.streamsMax,
            "the router serves \(served) streams of \(worker.name), which takes "
                + "\(worker.traits.engine.streamsMax)"
        )
        for (id, stream) in zip(routed.ids, routed.elements) {
            let credit = stream.credit.outstandingTokens
            log.require(
                (0...plan.windowTokens).contains(credit),
                "the router's credit of \(worker.name)/\(id) is \(credit)"
            )
            guard let other = streams[id] else { continue }
            log.require(
                other.creditTokens <= credit,
                "\(worker.name)/\(id) has credit \(other.creditTokens), the router gave \(credit)"
            )
            log.require(
                stream.receivedTokens <= other.emittedTokens || breach != nil,
                "\(worker.name)/\(id) sent \(other.emittedTokens) tokens, "
                    + "\(stream.receivedTokens) came"
            )
        }
    }

    private func check(
        _ stream: WorkerConnectionMachine.Stream,
        on id: StreamID,
        of worker: VirtualWorker
    ) {
        log.require(
            stream.creditTokens >= 0,
            "the credit of \(worker.name)/\(id) is \(stream.creditTokens)"
        )
        log.require(
            stream.parked.isEmpty || stream.creditTokens == 0,
            "\(worker.name)/\(id) parks \(stream.parked.count) tokens with credit"
        )
        log.require(
            stream.emittedTokens + stream.parked.count == stream.producedTokens,
            "\(worker.name)/\(id) made \(stream.producedTokens) tokens, sent "
                + "\(stream.emittedTokens) and parks \(stream.parked.count)"
        )
    }

    /// What is on its way and what is buffered is bounded by what was agreed.
    private func checkMemory(of worker: VirtualWorker) {
        let window = worker.traits.limits.windowBytes
        // Beside prompts there are a few small frames for each stream, and PING.
        let toWorker = worker.routerChannel.pendingBytes + worker.toWorker.bytesUnderWay
        log.require(
            toWorker <= window + 16 * 1024,
            "\(toWorker) bytes are on their way to \(worker.name) (window: \(window))"
        )
        let available = worker.routerHandler.window.availableBytes
        log.require(available >= 0, "\(worker.name)'s window is \(available)")
        let credit = worker.traits.engine.streamsMax * plan.windowTokens
        // A token is a varint of up to five bytes, and a frame for each costs fifty more.
        let toRouter = worker.channel.pendingBytes + worker.toRouter.bytesUnderWay
        log.require(
            toRouter <= credit * 60 + 16 * 1024 || breach != nil,
            "\(toRouter) bytes are on their way from \(worker.name) (credit: \(credit))"
        )
        for decoder in [worker.handler.decoder, worker.routerHandler.decoder] {
            log.require(
                decoder.bufferedBytes <= 64 * 1024,
                "\(decoder.bufferedBytes) bytes of a frame are buffered for \(worker.name)"
            )
        }
        checkLoss(of: worker)
    }

    /// Clients of a worker that was killed hear of it within a second.
    private func checkLoss(of worker: VirtualWorker) {
        guard let killedAt = worker.killedAt, host.now - killedAt > .seconds(1) else { return }
        log.require(
            worker.routerHandler.machine.openStreams == 0,
            "streams of \(worker.name) are open a second after its death"
        )
    }
}

/// What must be so at the end.
extension BridgeSimulation {
    /// Nobody waits, nothing is kept for anybody, and no timer is left.
    func checkThatNothingIsLeft() {
        log.require(router.pool.standing.isEmpty, "the pool has \(router.pool.standing)")
        log.require(workers.isEmpty, "\(workers.map(\.name)) have not ended")
        log.require(host.isIdle, "tasks or timers are left")
        let free = (0..<router.strangers.max).allSatisfy { _ in router.strangers.arrived() }
        log.require(free, "connections that have not said HELLO are left")
        workers.removeAll()
        clients.removeAll()
        for leftover in leftovers where leftover.object != nil {
            log.violation("\(leftover.name) is left")
        }
    }
}
