import HocketEngine
import HocketTesting
import HocketWire
import NIOCore

/// Requests come, and some of their clients leave.
extension BridgeSimulation {
    func startClient(_ request: RequestPlan) {
        let client = VirtualClient(request, of: router, log: log)
        log.note("request \(request.number) comes: \(request.summary)")
        log.count("requests")
        clients.append(client)
        for sink in client.sinks {
            let name = "the sink of sampling \(sink.plan.sequence.number)"
            leftovers.append(Leftover(name: name, object: sink))
        }
        let circumstances = Circumstances(faults: plan.faults, isRuleBroken: breach != nil)
        client.start(router, circumstances)
        planLeaving(of: client)
    }

    /// Its task is cancelled, or a sampling through its control: either from anywhere.
    private func planLeaving(of client: VirtualClient) {
        let request = client.plan
        for (index, sampling) in request.samplings.enumerated() {
            guard let delay = sampling.leavesAfter else { continue }
            agenda.add(at: host.now + delay) { [weak client] _ in
                client?.sinks[index].leave(sampling.isSatisfied ? .satisfied : .slowClient)
            }
        }
        guard let delay = request.cancelledAfter else { return }
        agenda.add(at: host.now + delay) { [weak client] simulation in
            guard let client, !client.isOver else { return }
            simulation.log.note("request \(request.number) is cancelled")
            client.cancelTask()
        }
    }
}

extension RequestPlan {
    fileprivate var summary: String {
        let samplings = samplings.map { sampling in
            "sampling \(sampling.sequence.number) of \(sampling.sequence.count) tokens"
        }
        let patience = patience.map { ", has \($0.nanoseconds / 1_000_000) ms" } ?? ""
        return samplings.joined(separator: ", then ") + patience
    }
}
