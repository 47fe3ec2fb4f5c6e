import HocketEngine
import NIOCore
import Testing

/// Requests that have only so much time, of which waiting is a part.
@Suite struct AdmissionDeadlineTests {
    private var machine = AdmissionMachine<String>(limits: AdmissionLimits(waitMax: .seconds(10)))
    private var now = NIODeadline.start

    init() {
        let registration = WorkerRegistration.example("a", models: ["m": 100], streamsMax: 1)
        machine.changeWorkers { _ = $0.workerArrived(registration, over: "a") }
    }

    private func demand(in time: TimeAmount?) -> SamplingDemand {
        SamplingDemand(model: "m", promptTokens: 10, deadline: time.map { now + $0 })
    }

    private mutating func arrive(in time: TimeAmount? = nil) throws -> AdmissionID {
        try machine.requestArrived(demand(in: time), at: now)
    }

    private mutating func refusal(in time: TimeAmount) -> EngineError? {
        do throws(EngineError) {
            _ = try machine.requestArrived(demand(in: time), at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test mutating func whoseTimeIsOverIsNotLetIn() {
        #expect(refusal(in: .zero) == .deadlinePassed)
        #expect(machine.queueSnapshot.admissions == 0)
    }

    @Test mutating func whoseTimeIsOverWhileItWaitsIsToldSo() throws {
        _ = try arrive()
        let (hasTime, hasNone) = (try arrive(), try arrive(in: .seconds(3)))
        #expect(machine.nextChange(after: now) == now + .seconds(3))
        now = now + .seconds(3)
        #expect(machine.settle(at: now) == [.eject(hasNone, .deadlinePassed)])
        #expect(machine.standing(of: hasTime) == .waiting)
    }

    @Test mutating func nobodyWaitsLongerBecauseItHasTime() throws {
        _ = try arrive()
        let waiting = try arrive(in: .seconds(60))
        now = now + .seconds(10)
        let actions = machine.settle(at: now)
        guard case .eject(waiting, let error) = try #require(actions.first) else {
            return #expect(Bool(false), "\(actions)")
        }
        #expect(error.code == .unavailable)
    }

    @Test mutating func nextSamplingDoesNotStartWhenTheTimeIsOver() throws {
        let id = try arrive(in: .seconds(3))
        _ = machine.samplingReady(id, demand(in: .seconds(3)), at: now)
        machine.samplingEnded(id, .served, at: now)
        now = now + .seconds(3)
        #expect(
            machine.samplingReady(id, demand(in: .zero), at: now) == .refused(.deadlinePassed)
        )
        machine.requestLeft(id)
        #expect(machine.queueSnapshot.admissions == 0)
    }

    /// A slot every four seconds, and two requests in front.
    @Test mutating func whoCannotBeServedInTimeIsRefusedBeforeItWaits() throws {
        let first = try arrive()
        for _ in 0..<4 {
            _ = machine.samplingReady(first, .example(), at: now)
            machine.samplingEnded(first, .served, at: now)
            now = now + .seconds(4)
        }
        _ = machine.samplingReady(first, .example(), at: now)
        _ = (try arrive(), try arrive())
        let error = try #require(refusal(in: .seconds(11)))
        #expect(error.code == .unavailable)
        #expect(error.retryAfterSeconds == 12)
        #expect(error.message.contains("in 12000 ms"))
        #expect(error.message.contains("in 11000 ms"))
        #expect(machine.queueSnapshot.requests == 2)
        _ = try arrive(in: .seconds(12))
        #expect(machine.queueSnapshot.requests == 3)
    }

    @Test mutating func nobodyIsRefusedWhileNothingIsKnownOfTheWait() throws {
        _ = try arrive()
        _ = try arrive(in: .milliseconds(1))
        #expect(machine.queueSnapshot.requests == 1)
    }
}
