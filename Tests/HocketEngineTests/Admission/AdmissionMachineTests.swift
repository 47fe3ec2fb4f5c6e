import HocketEngine
import NIOCore
import Testing

/// Who may go on, who waits, and who is turned away.
@Suite struct AdmissionMachineTests {
    private var machine = AdmissionMachine<String>(
        limits: AdmissionLimits(
            queuedRequestsMax: 3,
            queuedTokensMax: 1000,
            waitMax: .seconds(10)
        )
    )
    private var now = NIODeadline.start

    // MARK: Turned away

    @Test mutating func nobodyIsThere() {
        #expect(refusal()?.code == .unavailable)
        #expect(machine.queueSnapshot.admissions == 0)
    }

    @Test mutating func nobodyServesTheModel() {
        attach("a")
        #expect(refusal("other")?.code == .modelNotFound)
    }

    @Test mutating func modelWhoseLastWorkerLeftIsUnavailableNotUnknown() {
        attach("a", models: ["away": 100])
        attach("b")
        machine.changeWorkers { $0.workerStartedDraining(w(1)) }
        #expect(refusal("away")?.code == .unavailable)
        machine.changeWorkers { $0.workerLeft(w(1), at: .start) }
        let error = refusal("away")
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains("away") == true)
        #expect(refusal("other")?.code == .modelNotFound)
        now = now + .minutes(10)
        #expect(refusal("away")?.code == .modelNotFound)
    }

    @Test mutating func modelsThatWereServedLatelyAreBounded() {
        attach("b")
        for number in 0...300 {
            attach("a\(number)", models: ["m\(number)": 100])
            let time = now + .nanoseconds(Int64(number))
            machine.changeWorkers { $0.workerLeft(w(UInt64(number) + 2), at: time) }
        }
        #expect(refusal("m0")?.code == .modelNotFound)
        #expect(refusal("m300")?.code == .unavailable)
    }

    @Test mutating func tooManyRequestsWait() throws {
        attach("a", streamsMax: 1)
        for _ in 0..<4 { _ = try arrive() }
        let error = refusal()
        #expect(error?.code == .resourceExhausted)
        #expect(error?.retryAfterSeconds == 1)
        #expect(machine.queueSnapshot.requests == 3)
    }

    @Test mutating func tooManyTokensWait() throws {
        attach("a", streamsMax: 1)
        _ = try arrive(promptTokens: 5000)
        _ = try arrive(promptTokens: 900)
        #expect(refusal(promptTokens: 101)?.code == .resourceExhausted)
        _ = try arrive(promptTokens: 100)
        #expect(machine.queueSnapshot.tokens == 1000)
    }

    @Test mutating func saysWhenToComeAgainByTheRateOfSlots() throws {
        attach("a", streamsMax: 1)
        let first = try arrive()
        for _ in 0..<4 {
            _ = machine.samplingReady(first, .example(), at: now)
            machine.samplingEnded(first, .served, at: now)
            now = now + .seconds(4)
        }
        _ = machine.samplingReady(first, .example(), at: now)
        for _ in 0..<3 { _ = try arrive() }
        let error = refusal()
        #expect(error?.retryAfterSeconds == 16)
    }

    // MARK: Patience

    @Test mutating func patientOneIsNeitherTurnedAwayNorEjectedNorInTheWay() throws {
        attach("a", streamsMax: 1)
        let first = try arrive()
        let patient = try machine.requestArrived(.patient(promptTokens: 5000), at: now)
        for _ in 0..<3 { _ = try arrive() }
        #expect(refusal()?.code == .resourceExhausted)
        // It is shown, and does not count towards the limits.
        #expect(machine.queueSnapshot.tokens == 5030)
        #expect(refusal()?.message.contains("3 requests with 30 prompt tokens wait") == true)
        now = now + .seconds(11)
        #expect(machine.settle(at: now).count == 3)
        #expect(machine.standing(of: patient) == .waiting)
        #expect(machine.nextChange(after: now) == nil)
        machine.requestLeft(first)
        #expect(machine.settle(at: now) == [.admit(patient)])
    }

    @Test mutating func patientOneWaitsForAWorkerOfItsModel() throws {
        let patient = try machine.requestArrived(.patient(), at: now)
        #expect(machine.standing(of: patient) == .waiting)
        attach("a")
        #expect(machine.settle(at: now) == [.admit(patient)])
        #expect(machine.samplingReady(patient, .example(), at: now) != .queued)
        machine.samplingEnded(patient, .served, at: now)
        machine.changeWorkers { $0.workerLeft(WorkerID(rawValue: 1), at: now) }
        #expect(machine.samplingReady(patient, .example(), at: now) == .queued)
        now = now + .seconds(3600)
        #expect(machine.settle(at: now) == [])
        attach("b")
        #expect(machine.settle(at: now) == [.admit(patient)])
    }

    // MARK: Waiting

    @Test mutating func thoseThatWaitGoOnInOrderOfArrival() throws {
        attach("a", streamsMax: 1)
        let running = try arrive()
        let (second, third) = (try arrive(), try arrive())
        #expect(machine.standing(of: running) == .admitted)
        #expect(machine.standing(of: second) == .waiting)
        #expect(machine.settle(at: now) == [])
        machine.requestLeft(running)
        #expect(machine.settle(at: now) == [.admit(second)])
        machine.requestLeft(second)
        #expect(machine.settle(at: now) == [.admit(third)])
        machine.requestLeft(third)
        #expect(machine.settle(at: now) == [])
        expectNothingIsLeft()
    }

    /// While a request's tool servers are asked, nobody waits for the slot that was kept for it.
    @Test mutating func whoPostponesItsSamplingMakesRoomAndKeepsItsPlace() throws {
        attach("a", streamsMax: 1)
        let first = try arrive()
        let (second, third) = (try arrive(), try arrive())
        machine.samplingPostponed(first)
        #expect(machine.settle(at: now) == [.admit(second)])
        machine.samplingPostponed(first)
        guard case .queued = machine.samplingReady(first, .example(), at: now) else {
            return #expect(Bool(false), "the worker has one slot")
        }
        machine.requestLeft(second)
        #expect(machine.settle(at: now) == [.admit(first)])
        machine.requestLeft(first)
        #expect(machine.settle(at: now) == [.admit(third)])
        machine.requestLeft(third)
        expectNothingIsLeft()
    }

    @Test mutating func newcomersDoNotOvertakeThoseThatWait() throws {
        attach("a", streamsMax: 1)
        let running = try arrive()
        let second = try arrive()
        machine.requestLeft(running)
        let third = try arrive()
        #expect(machine.standing(of: third) == .waiting)
        #expect(machine.settle(at: now) == [.admit(second)])
    }

    @Test mutating func oneModelsQueueDoesNotHoldUpAnothers() throws {
        attach("a", streamsMax: 1)
        attach("b", models: ["n": 100], streamsMax: 1)
        let (m, n) = (try arrive(), try arrive("n"))
        _ = try arrive()
        let waiting = try arrive("n")
        machine.requestLeft(n)
        #expect(machine.settle(at: now) == [.admit(waiting)])
        machine.requestLeft(m)
    }

    @Test mutating func whoseTimeIsOverWaitsNoLonger() throws {
        attach("a", streamsMax: 1)
        _ = try arrive()
        var demand = SamplingDemand.example()
        demand.deadline = now + .seconds(3)
        let waiting = try machine.requestArrived(demand, at: now)
        #expect(machine.nextChange(after: now) == now + .seconds(3))
        now = now + .seconds(3)
        #expect(machine.settle(at: now) == [.eject(waiting, .deadlinePassed)])
    }

    @Test mutating func whoWaitsTooLongIsSentAway() throws {
        attach("a", streamsMax: 1)
        _ = try arrive()
        let waiting = try arrive()
        #expect(machine.nextChange(after: now) == now + .seconds(10))
        now = now + .seconds(10)
        let actions = machine.settle(at: now)
        guard case .eject(waiting, let error) = try #require(actions.first) else {
            return #expect(Bool(false), "\(actions)")
        }
        #expect(actions.count == 1)
        #expect(error.code == .unavailable)
        #expect(error.message == "no worker had room within 10.0 s")
        #expect(machine.standing(of: waiting) == .ejected(error))
        #expect(machine.queueSnapshot.tokens == 0)
        #expect(machine.nextChange(after: now) == nil)
        machine.requestLeft(waiting)
        #expect(machine.standing(of: waiting) == nil)
    }

    @Test func samplingOfARequestThatWaitsIsABug() async {
        await #expect(processExitsWith: .failure) {
            var tests = AdmissionMachineTests()
            tests.attach("a", streamsMax: 1)
            _ = try tests.arrive()
            let waiting = try tests.arrive()
            _ = tests.machine.samplingReady(waiting, .example(), at: tests.now)
        }
    }

    @Test func samplingOfARequestThatWaitedInVainIsABug() async {
        await #expect(processExitsWith: .failure) {
            var tests = AdmissionMachineTests()
            tests.attach("a", streamsMax: 1)
            _ = try tests.arrive()
            let waiting = try tests.arrive()
            tests.now = tests.now + .seconds(10)
            _ = tests.machine.settle(at: tests.now)
            _ = tests.machine.samplingReady(waiting, .example(), at: tests.now)
        }
    }

    @Test mutating func snapshotCountsThePromptsOfAllThatWait() throws {
        attach("a", streamsMax: 1)
        _ = try arrive()
        var patient = SamplingDemand.example()
        patient.isPatient = true
        _ = try machine.requestArrived(patient, at: now)
        let tokens = machine.queueSnapshot.tokens
        #expect(tokens == patient.promptTokens)
        _ = try arrive()
        #expect(machine.queueSnapshot.requests == 2)
        #expect(machine.queueSnapshot.tokens == 2 * tokens)
    }

    @Test mutating func whoLeavesTheQueueFreesItsPlace() throws {
        attach("a", streamsMax: 1)
        let running = try arrive()
        let (second, third) = (try arrive(), try arrive())
        machine.requestLeft(second)
        machine.requestLeft(second)
        #expect(machine.queueSnapshot.requests == 1)
        machine.requestLeft(running)
        #expect(machine.settle(at: now) == [.admit(third)])
    }

    @Test mutating func workerThatArrivesServesThoseThatWait() throws {
        attach("a", streamsMax: 1)
        _ = try arrive()
        let waiting = try arrive()
        attach("b", streamsMax: 1)
        #expect(machine.settle(at: now) == [.admit(waiting)])
    }

    @Test mutating func queueOutlivesTheLastWorker() throws {
        attach("a", streamsMax: 1)
        let running = try arrive()
        let waiting = try arrive()
        _ = machine.samplingReady(running, .example(), at: now)
        machine.changeWorkers { $0.workerLeft(w(1), .faulted, at: .start) }
        machine.samplingEnded(running, .neutral, at: now)
        machine.requestLeft(running)
        #expect(machine.settle(at: now) == [])
        attach("a")
        #expect(machine.settle(at: now) == [.admit(waiting)])
    }

    @Test mutating func openBreakerIsAskedAgainWhenItIsHalfOpen() throws {
        attach("a", streamsMax: 8)
        let ids = try (0..<4).map { _ in try arrive() }
        for id in ids { _ = machine.samplingReady(id, .example(), at: now) }
        for id in ids { machine.samplingEnded(id, .faulted, at: now) }
        for id in ids { machine.requestLeft(id) }
        let (probe, next) = (try arrive(), try arrive())
        #expect(machine.standing(of: probe) == .waiting)
        #expect(machine.nextChange(after: now) == now + .seconds(1))
        now = now + .seconds(1)
        #expect(machine.settle(at: now) == [.admit(probe)])
        #expect(machine.samplingReady(probe, .example(), at: now) == .placed(w(1), "a"))
        #expect(machine.settle(at: now) == [])
        machine.samplingEnded(probe, .served, at: now)
        #expect(machine.settle(at: now) == [.admit(next)])
    }

    // MARK: Running

    @Test mutating func keptSlotMayBeUsedOnAnotherWorker() throws {
        attach("a", streamsMax: 1)
        attach("b", streamsMax: 1)
        let (first, second) = (try arrive(), try arrive())
        machine.changeWorkers { $0.workerStartedDraining(w(1)) }
        attach("c", streamsMax: 1)
        #expect(machine.samplingReady(first, .example(), at: now) == .placed(w(3), "c"))
        #expect(machine.samplingReady(second, .example(), at: now) == .placed(w(2), "b"))
    }

    @Test mutating func admittedRequestWhoseWorkerLeftWaitsInFrontOfTheOthers() throws {
        attach("a", streamsMax: 1)
        attach("b", streamsMax: 1)
        let (first, second) = (try arrive(), try arrive())
        let third = try arrive()
        _ = machine.samplingReady(second, .example(), at: now)
        machine.changeWorkers { $0.workerLeft(w(1), at: .start) }
        #expect(machine.samplingReady(first, .example(), at: now) == .queued)
        machine.samplingEnded(second, .served, at: now)
        #expect(machine.settle(at: now) == [.admit(first)])
        #expect(machine.standing(of: third) == .waiting)
    }

    @Test mutating func slotIsGivenUpBetweenSamplings() throws {
        attach("a", streamsMax: 1)
        let (first, second) = (try arrive(), try arrive())
        _ = machine.samplingReady(first, .example(), at: now)
        machine.samplingEnded(first, .served, at: now)
        #expect(machine.settle(at: now) == [.admit(second)])
        #expect(machine.samplingReady(first, .example(), at: now) == .queued)
        machine.requestLeft(second)
        #expect(machine.settle(at: now) == [.admit(first)])
        #expect(machine.samplingReady(first, .example(), at: now) == .placed(w(1), "a"))
    }

    @Test mutating func fullQueueTurnsNobodyAwayWhoWasAdmitted() throws {
        attach("a", streamsMax: 1)
        let first = try arrive()
        _ = machine.samplingReady(first, .example(), at: now)
        machine.samplingEnded(first, .served, at: now)
        for _ in 0..<3 {
            let id = try arrive()
            if machine.standing(of: id) == .admitted {
                _ = machine.samplingReady(id, .example(), at: now)
            }
        }
        _ = try arrive()
        #expect(machine.queueSnapshot.requests == 3)
        #expect(machine.samplingReady(first, .example(), at: now) == .queued)
        #expect(machine.queueSnapshot.requests == 4)
    }

    @Test mutating func movedSamplingWaitsForAnotherWorker() throws {
        attach("a", streamsMax: 1)
        attach("b", streamsMax: 1)
        let (moved, other) = (try arrive(), try arrive())
        #expect(machine.samplingReady(moved, .example(), at: now) == .placed(w(1), "a"))
        #expect(machine.samplingReady(other, .example(), at: now) == .placed(w(2), "b"))
        #expect(end(moved, for: .failure) == true)
        #expect(machine.samplingReady(moved, .example(), at: now) == .queued)
        #expect(machine.settle(at: now) == [])
        machine.samplingEnded(other, .served, at: now)
        #expect(machine.settle(at: now) == [.admit(moved)])
        #expect(machine.samplingReady(moved, .example(), at: now) == .placed(w(2), "b"))
    }

    /// It waits for a worker that the others need not avoid.
    @Test mutating func whoWaitsForAnotherWorkerHoldsNobodyUp() throws {
        attach("a", streamsMax: 1)
        attach("b", streamsMax: 1)
        let (moved, other) = (try arrive(), try arrive())
        _ = machine.samplingReady(moved, .example(), at: now)
        _ = machine.samplingReady(other, .example(), at: now)
        _ = end(moved, for: .failure)
        #expect(machine.samplingReady(moved, .example(), at: now) == .queued)
        let next = try arrive()
        #expect(machine.standing(of: next) == .admitted)
    }

    @Test mutating func patientOneAvoidsNobodyWhenThereIsNobodyElse() throws {
        attach("a", streamsMax: 1)
        attach("b", streamsMax: 1)
        let moved = try machine.requestArrived(.patient(), at: now)
        let other = try arrive()
        _ = machine.samplingReady(moved, .patient(), at: now)
        _ = machine.samplingReady(other, .example(), at: now)
        _ = end(moved, for: .failure)
        #expect(machine.samplingReady(moved, .patient(), at: now) == .queued)
        machine.changeWorkers { $0.workerLeft(w(2), at: .start) }
        machine.samplingEnded(other, .neutral, at: now)
        #expect(machine.settle(at: now) == [.admit(moved)])
        #expect(machine.samplingReady(moved, .patient(), at: now) == .placed(w(1), "a"))
    }

    @Test mutating func patientOneOutlastsItsOnlyWorkerHoweverThatLeaves() throws {
        attach("a", streamsMax: 1)
        let id = try machine.requestArrived(.patient(), at: now)
        _ = machine.samplingReady(id, .patient(), at: now)
        machine.changeWorkers { $0.workerStartedDraining(w(1)) }
        let moves = end(id, for: .drain)
        #expect(moves)
        #expect(machine.samplingReady(id, .patient(), at: now) == .queued)
        machine.changeWorkers { $0.workerLeft(w(1), at: .start) }
        attach("b")
        #expect(machine.settle(at: now) == [.admit(id)])
    }

    /// Whoever waits for another model is nobody's reason to come later.
    @Test mutating func patientOnesOfOtherModelsMakeNoWaitLonger() throws {
        attach("a", streamsMax: 1)
        let first = try arrive()
        for _ in 0..<2 {
            _ = machine.samplingReady(first, .example(), at: now)
            machine.samplingEnded(first, .served, at: now)
            now = now + .seconds(4)
        }
        _ = machine.samplingReady(first, .example(), at: now)
        for _ in 0..<20 {
            var absent = SamplingDemand.example("n")
            absent.isPatient = true
            _ = try machine.requestArrived(absent, at: now)
        }
        for _ in 0..<3 { _ = try arrive() }
        #expect(refusal()?.retryAfterSeconds == 16)
    }

    // Where it moves and how often is tested in `SamplingMovesTests`.

    @Test mutating func requestThatLeavesWhileItRunsIsForgottenAtItsEnd() throws {
        attach("a", streamsMax: 1)
        let id = try arrive()
        _ = machine.samplingReady(id, .example(), at: now)
        machine.requestLeft(id)
        #expect(machine.queueSnapshot.admissions == 1)
        machine.samplingEnded(id, .neutral, at: now)
        #expect(machine.samplingReady(id, .example(), at: now) == nil)
        expectNothingIsLeft()
    }

    // MARK: Helpers

    private mutating func end(_ id: AdmissionID, for reason: SamplingMoves.Reason) -> Bool {
        machine.samplingEnded(id, .neutral, movableFor: reason, at: now)
    }

    private mutating func refusal(
        _ model: String = "m",
        promptTokens: Int = 10
    ) -> EngineError? {
        do throws(EngineError) {
            _ = try machine.requestArrived(.example(model, promptTokens: promptTokens), at: now)
            return nil
        } catch {
            return error
        }
    }

    private mutating func attach(
        _ name: String,
        models: [String: Int] = ["m": 100],
        streamsMax: Int = 8
    ) {
        let registration = WorkerRegistration.example(name, models: models, streamsMax: streamsMax)
        machine.changeWorkers { _ = $0.workerArrived(registration, over: name) }
    }

    private mutating func arrive(
        _ model: String = "m",
        promptTokens: Int = 10
    ) throws -> AdmissionID {
        try machine.requestArrived(.example(model, promptTokens: promptTokens), at: now)
    }

    private func expectNothingIsLeft() {
        #expect(machine.queueSnapshot.requests == 0)
        #expect(machine.queueSnapshot.tokens == 0)
        #expect(machine.queueSnapshot.admissions == 0)
        for worker in machine.directory.workers(at: now) {
            #expect(worker.runningStreams == 0)
            #expect(worker.keptSlots == 0)
            #expect(worker.tokensInFlight == 0)
        }
    }
}

private func w(_ number: UInt64) -> WorkerID { WorkerID(rawValue: number) }
