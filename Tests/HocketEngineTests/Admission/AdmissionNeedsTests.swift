import HocketEngine
import HocketWire
import NIOCore
import Testing

/// Requests that need what only some workers can do.
@Suite struct AdmissionNeedsTests {
    private var machine = AdmissionMachine<String>()
    private let now = NIODeadline.start
    private let able = WorkerID(rawValue: 2)

    init() {
        attach("plain")
        attach("able", capabilities: .seed)
    }

    @Test mutating func isTurnedAwayWhenNobodyCanDoIt() {
        let error = #expect(throws: EngineError.self) {
            try machine.requestArrived(.needing(.penalties, "presence_penalty"), at: now)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.parameter == "presence_penalty")
        #expect(error?.message.contains("PENALTIES") == true)
        #expect(machine.queueSnapshot.admissions == 0)
    }

    @Test mutating func isRefusedWhenItsNeedsShowAfterAdmission() throws {
        let id = try machine.requestArrived(.example(), at: now)
        let ready = machine.samplingReady(id, .needing(.penalties, "presence_penalty"), at: now)
        guard case .refused(let error) = ready else {
            Issue.record("\(String(describing: ready))")
            return
        }
        #expect(error.parameter == "presence_penalty")
        machine.requestLeft(id)
        #expect(machine.queueSnapshot.admissions == 0)
        // Its slot is free again: two workers of one stream each take two requests.
        for _ in 0..<2 { #expect(try !waits(.example())) }
        #expect(try waits(.example()))
    }

    @Test mutating func leavesASlotThatCannotServeIt() throws {
        let id = try machine.requestArrived(.example(), at: now)
        #expect(machine.samplingReady(id, .seeded, at: now) == .placed(able, "able"))
        #expect(try !waits(.example()))
    }

    @Test mutating func waitsForAnAbleWorkerWhileOthersGoOn() throws {
        let first = try machine.requestArrived(.seeded, at: now)
        #expect(machine.samplingReady(first, .seeded, at: now) == .placed(able, "able"))
        let second = try machine.requestArrived(.seeded, at: now)
        #expect(machine.settle(at: now) == [])
        let plain = try machine.requestArrived(.example(), at: now)
        // At once: the slot that is free is of no use to the one that waits.
        #expect(machine.standing(of: plain) == .admitted)
        #expect(machine.settle(at: now) == [])
        machine.samplingEnded(first, .served, at: now)
        #expect(machine.settle(at: now) == [.admit(second)])
    }

    private mutating func attach(_ name: String, capabilities: Capabilities = []) {
        var registration = WorkerRegistration.example(name, streamsMax: 1)
        registration.capabilities = capabilities
        registration.models[0].capabilitySets = [capabilities]
        machine.changeWorkers { _ = $0.workerArrived(registration, over: name) }
    }

    private mutating func waits(_ demand: SamplingDemand) throws -> Bool {
        let id = try machine.requestArrived(demand, at: now)
        _ = machine.settle(at: now)
        return machine.standing(of: id) == .waiting
    }
}

extension SamplingDemand {
    fileprivate static let seeded = needing(.seed, "seed")

    fileprivate static func needing(
        _ capability: Capabilities,
        _ parameter: String
    ) -> SamplingDemand {
        var demand = example()
        demand.needs = [CapabilityDemand(capability, parameter)]
        return demand
    }
}
