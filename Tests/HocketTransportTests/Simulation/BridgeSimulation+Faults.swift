import HocketEngine
import HocketTesting
import NIOCore

@testable import HocketTransport

/// What goes wrong, and when.
extension BridgeSimulation {
    /// Draws when the faults of the plan happen.
    func planFaults() {
        for fault in Fault.allCases where plan.faults.contains(fault) {
            for _ in 0..<host.random.number(in: 1...3) {
                let time = host.now + host.random.amount(upTo: plan.span + .seconds(1))
                agenda.add(at: time) { try $0.happen(fault) }
            }
        }
    }

    private func happen(_ fault: Fault) throws {
        switch fault {
        case .shutdown:
            // Once, and not before the requests have come: none would be let in.
            if clients.count == plan.requests.count { shutDown() }
        case .operated: operate()
        case .replaced:
            let seat = host.random.below(plan.workers.count)
            log.note("w\(seat) is replaced")
            try replaceWorker(seat)
        case .refusedPrompts, .crowded, .narrow, .cut: break
        case .killed, .stopped, .hungEngine, .failedEngine, .leaves, .notServing:
            guard !workers.isEmpty else { return }
            happen(fault, to: host.random.choice(of: workers))
        }
    }

    private func happen(_ fault: Fault, to worker: VirtualWorker) {
        log.note("\(worker.name): \(fault.rawValue)")
        log.count(fault.rawValue)
        switch fault {
        case .killed: worker.kill()
        case .stopped: stop(worker)
        case .hungEngine: worker.engine.hang()
        case .failedEngine: worker.engine.fail()
        case .leaves: host.perform(on: worker.channel.loop) { worker.handler.drain(within: nil) }
        default: refuseStreams(worker)
        }
    }

    /// A connection ends after a byte that is drawn: often within the greeting.
    func planCut(_ worker: VirtualWorker) {
        let byte = host.random.below(host.random.choice(of: [30, 400, 5_000]))
        let pipe = host.random.happens(percent: 50) ? worker.toRouter : worker.toWorker
        let (log, name, channel) = (log, worker.name, worker.channel)
        pipe.breakAt(byte) {
            log.note("\(name) is cut off at byte \(byte)")
            log.count("cut")
            channel.kill()
        }
    }

    private func stop(_ worker: VirtualWorker) {
        worker.process.stop()
        let pause = host.random.amount(upTo: .seconds(host.random.choice(of: [1, 6])))
        agenda.add(at: host.now + pause) { [weak worker] simulation in
            guard let worker else { return }
            simulation.log.note("\(worker.name) goes on")
            worker.process.resume()
        }
    }

    private func refuseStreams(_ worker: VirtualWorker) {
        report(worker, isServing: false)
        let pause = host.random.amount(upTo: .seconds(2))
        agenda.add(at: host.now + pause) { [weak worker] simulation in
            if let worker { simulation.report(worker, isServing: true) }
        }
    }

    private func report(_ worker: VirtualWorker, isServing: Bool) {
        var output = StepOutput()
        output.load = EngineLoad(isServing: isServing)
        host.perform(on: worker.channel.loop) { worker.handler.stepped(output) }
    }

    private func operate() {
        let name = "w\(host.random.below(plan.workers.count))"
        switch host.random.below(3) {
        case 0: log.note("\(name) is held: \(router.pool.drain(name))")
        case 1: log.note("\(name) is let go: \(router.pool.resume(name))")
        default:
            let weight = WorkerWeight(rawValue: host.random.number(in: 1...1000)) ?? .standard
            let isSet = router.pool.setWeight(name, weight)
            log.note("\(name) weighs \(weight.rawValue): \(isSet)")
        }
    }
}
