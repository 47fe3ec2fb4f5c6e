import HocketEngine
import HocketTesting
import NIOCore

@testable import HocketTransport

/// The bridge from a request's task to an engine's step, simulated: the router's pool and
/// connections, the kit's connections and engine loops, all as they are, on a ``VirtualHost``.
///
/// Sockets, clocks and threads alone are not real. Everything that is left to chance comes from one
/// seed, so that it gives the same transcript each time. After each turn the invariants are
/// checked; when all requests are over the router ends, and nothing may be left.
final class BridgeSimulation {
    /// So long after the router's end, what runs is cut off.
    private static let grace = TimeAmount.seconds(10)
    /// So long after the router's end, all connections have ended.
    private static let drainMax = TimeAmount.minutes(1)

    let seed: UInt64
    let plan: SimulationPlan
    let host: VirtualHost
    let log: SimulationLog
    let router: VirtualRouter
    let breach: Breach?
    var agenda = Agenda()
    var clients: [VirtualClient] = []
    /// Those whose tasks run, or whose ends of the connection are open.
    var workers: [VirtualWorker] = []
    /// The newest generation of each name.
    var generations: [UInt64] = []
    /// Workers whose tasks ended, and whether each dials again.
    let departures = Departures()
    /// The router was told to end.
    var isShuttingDown = false
    /// Everything that must be gone at the end.
    var leftovers: [Leftover] = []
    private var steps = 0

    /// Draws a plan.
    ///
    /// - Parameters:
    ///   - faults: what goes wrong; nil to draw that too.
    ///   - breach: the rule that all workers break.
    ///   - adjust: changes the plan.
    init(
        seed: UInt64,
        faults: Set<Fault>? = nil,
        breach: Breach? = nil,
        adjust: (inout SimulationPlan) -> Void = { _ in }
    ) {
        self.seed = seed
        self.breach = breach
        host = VirtualHost(seed: seed)
        log = SimulationLog(of: host)
        var plan = SimulationPlan(seed: seed, faults: faults, host.random)
        adjust(&plan)
        self.plan = plan
        router = VirtualRouter(plan, on: host, log: log)
    }

    /// Runs to the end.
    func run() throws -> SimulationReport {
        begin()
        let limit = host.now + plan.span + plan.patience
        try turn(until: limit) { $0.clients.allSatisfy(\.isOver) && $0.allHaveStarted }
        reportUnfinished()
        shutDown()
        try turn(until: host.now + Self.drainMax) { _ in false }
        checkThatNothingIsLeft()
        return SimulationReport(
            seed: seed,
            steps: steps,
            violations: log.violations,
            counts: log.counts,
            log: log
        )
    }

    private var allHaveStarted: Bool { clients.count == plan.requests.count }

    private func begin() {
        let faults = plan.faults.map(\.rawValue).sorted().joined(separator: ", ")
        log.note(
            "seed \(seed): \(plan.workers.count) workers, \(plan.requests.count) requests, "
                + "\(plan.policy.rawValue), window \(plan.windowTokens), "
                + (faults.isEmpty ? "no faults" : "faults: \(faults)")
        )
        generations = plan.workers.map { _ in 1 }
        for seat in plan.workers.indices {
            let delay = host.random.amount(upTo: .milliseconds(20))
            agenda.add(at: host.now + delay) { try $0.startWorker(seat) }
        }
        for request in plan.requests {
            // Calm requests find a worker: nobody attaches that late.
            let start = host.now + .milliseconds(50) + request.startsAfter
            agenda.add(at: start) { $0.startClient(request) }
        }
        planFaults()
    }

    /// Lets everybody take turns, and does what is on the agenda.
    private func turn(until limit: NIODeadline, _ isOver: (BridgeSimulation) -> Bool) throws {
        while !isOver(self) {
            if let action = agenda.popDue(at: host.now) {
                try action(self)
            } else if host.step(until: min(limit, agenda.nextTime ?? limit)) {
                steps += 1
                receiveDepartures()
            } else if host.isIdle || host.now >= limit {
                guard agenda.nextTime.map({ $0 <= limit }) ?? false else { return }
            }
            checkInvariants()
        }
    }

    private func reportUnfinished() {
        for client in clients where !client.isOver {
            log.violation("request \(client.plan.number) is not over")
            client.cancelTask()
        }
    }

    /// The router ends: it says so to its workers, and after a while closes what is left, as a
    /// listener does.
    func shutDown() {
        guard !isShuttingDown else { return }
        isShuttingDown = true
        log.note("the router ends")
        forEachConnection { channel in
            let lastCall = ChannelShouldQuiesceEvent()
            channel.pipeline.syncOperations.fireUserInboundEventTriggered(lastCall)
        }
        agenda.add(at: host.now + Self.grace) { simulation in
            // Those that are stopped hear of it.
            for worker in simulation.workers { worker.process.resume() }
            simulation.forEachConnection { $0.close(promise: nil) }
        }
    }

    private func forEachConnection(_ body: (VirtualChannel) -> Void) {
        for channel in workers.map(\.routerChannel) where channel.isActive {
            host.perform(on: channel.loop) { body(channel) }
        }
    }
}
