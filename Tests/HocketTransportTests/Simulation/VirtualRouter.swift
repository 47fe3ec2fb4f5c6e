import HocketEngine
import HocketTesting
import NIOCore

@testable import HocketTransport

/// The router's process: its event loops, its pool, and what connections share.
struct VirtualRouter {
    let host: VirtualHost
    let process: VirtualProcess
    let loops: [VirtualEventLoop]
    let pool: WorkerPool
    let environment: WorkerListenerEnvironment
    let strangers = Strangers(max: 64)

    init(_ plan: SimulationPlan, on host: VirtualHost, log: SimulationLog) {
        self.host = host
        process = VirtualProcess(on: host)
        loops = [process.makeEventLoop(), process.makeEventLoop()]
        pool = WorkerPool(
            on: loops[0],
            windowTokens: plan.windowTokens,
            policy: plan.policy,
            limits: plan.admission,
            random: { host.random.next() }
        )
        environment = WorkerListenerEnvironment(
            identity: .virtual("router", host: host),
            limits: plan.routerLimits,
            policy: HelloPolicy(),
            helloTimeout: .seconds(5),
            strangers: strangers,
            times: plan.times,
            tap: log,
            logger: .quiet
        )
    }
}
