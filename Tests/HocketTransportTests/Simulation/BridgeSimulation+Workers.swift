import HocketTesting
import HocketTransport
import HocketWire
import NIOCore

/// Workers come, go and come again.
extension BridgeSimulation {
    /// Starts a worker of the newest generation of its name.
    func startWorker(_ seat: Int) throws {
        guard !isShuttingDown else { return }
        let worker = try VirtualWorker(
            seat: seat,
            generation: generations[seat],
            traits: plan.workers[seat],
            breach: breach,
            to: router
        )
        log.note("\(worker.name) connects, generation \(worker.generation)")
        log.count("connections")
        workers.append(worker)
        leftovers += worker.parts
        let (id, departures) = (ObjectIdentifier(worker), departures)
        worker.serve { end in
            let dialsAgain = end != .dismissed(.replaced)
            departures.add(Departures.Departure(worker: id, dialsAgain: dialsAgain))
        }
        if plan.faults.contains(.cut), host.random.happens(percent: 40) { planCut(worker) }
    }

    /// Starts those again whose tasks ended, as whoever runs workers does.
    func receiveDepartures() {
        for departure in departures.take() {
            guard
                let index = workers.firstIndex(where: { ObjectIdentifier($0) == departure.worker })
            else { continue }
            let worker = workers.remove(at: index)
            log.note("\(worker.name) has ended, generation \(worker.generation)")
            checkEngine(of: worker)
            checkLater(worker.parts)
            guard departure.dialsAgain, worker.generation == generations[worker.seat] else {
                continue
            }
            let pause = TimeAmount.milliseconds(Int64(host.random.number(in: 50...2_000)))
            let seat = worker.seat
            agenda.add(at: host.now + pause) { try $0.startWorker(seat) }
        }
    }

    /// What belonged to a connection goes with it, and is not kept until a timer fires.
    private func checkLater(_ parts: [Leftover]) {
        agenda.add(at: host.now + .seconds(2)) { simulation in
            for part in parts where part.object != nil {
                simulation.log.violation("\(part.name) is kept")
            }
        }
    }

    /// An engine that did not fail has nothing left to do, and was never asked for what cannot be.
    private func checkEngine(of worker: VirtualWorker) {
        let engine = worker.engine
        log.require(engine.faults.isEmpty, "\(worker.name)'s engine: \(engine.faults)")
        log.require(
            engine.running.isEmpty || engine.failure != nil,
            "\(worker.name)'s engine runs \(engine.running.sorted())"
        )
    }

    /// Starts a worker's successor beside it.
    func replaceWorker(_ seat: Int) throws {
        generations[seat] += 1
        try startWorker(seat)
    }
}

extension VirtualWorker {
    /// What must be gone when the worker is.
    var parts: [Leftover] {
        [
            Leftover(name: "\(name)'s end of a connection", object: handler),
            Leftover(name: "the router's end of a connection to \(name)", object: routerHandler),
            Leftover(name: "\(name)'s channel", object: channel),
            Leftover(name: "the router's channel to \(name)", object: routerChannel),
        ]
    }
}
