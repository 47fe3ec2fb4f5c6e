import HocketTesting
import HocketWire
import NIOCore
import Testing

@testable import HocketEngine

/// Thousands of things that happen in no order: nothing is lost, counted twice or left over.
@Suite struct AdmissionStormTests {
    @Test(arguments: 0..<50) func nothingLeaks(batch: Int) {
        for seed in batch * 10..<(batch + 1) * 10 {
            var storm = AdmissionStorm(seed: UInt64(seed))
            for _ in 0..<400 where storm.faults.isEmpty { storm.blow() }
            storm.subside()
            #expect(storm.faults == [], "seed \(seed)")
        }
    }
}

/// Workers and requests that come and go as a seed says, and what must hold all the time.
private struct AdmissionStorm {
    private static let limits = AdmissionLimits(
        queuedRequestsMax: 6,
        queuedTokensMax: 3000,
        waitMax: .seconds(20)
    )

    private let randomness: SeededRandomness
    private var machine: AdmissionMachine<String>
    private var now = NIODeadline.start
    /// Requests that were let in and have not left.
    private var alive: Set<AdmissionID> = []
    private var running: [AdmissionID: SamplingDemand] = [:]
    /// Requests that left while they ran.
    private var leaving: Set<AdmissionID> = []
    private var waiting: Set<AdmissionID> = []
    private var attached: [WorkerID] = []
    private var generation: UInt64 = 0
    /// What did not hold.
    private(set) var faults: [String] = []

    init(seed: UInt64) {
        let randomness = SeededRandomness(seed: seed)
        self.randomness = randomness
        let policies = PlacementPolicy.allCases
        let directory = WorkerDirectory<String>(
            policy: policies[Int(seed) % policies.count],
            random: { randomness.next() }
        )
        machine = AdmissionMachine(directory: directory, limits: Self.limits)
    }

    private mutating func require(_ condition: Bool, _ what: String) {
        if !condition { faults.append(what) }
    }

    private func draw(_ count: Int) -> Int { Int(randomness.next() % UInt64(count)) }

    private func pick<Element>(_ elements: some Collection<Element>) -> Element? {
        elements.isEmpty
            ? nil : elements[elements.index(elements.startIndex, offsetBy: draw(elements.count))]
    }

    // MARK: Events

    /// One thing happens.
    mutating func blow() {
        switch draw(13) {
        case 0: attach()
        case 1: changeWorker()
        case 2, 3, 4: arrive()
        case 5, 6, 7: start()
        case 8, 9: finish()
        case 10: leave()
        case 11: postpone()
        default: now = now + .milliseconds(Int64(draw(3000)))
        }
        settle()
        check()
    }

    private mutating func attach() {
        guard attached.count < 5 else { return }
        generation += 1
        let models = [["m": 100], ["n": 100], ["m": 100, "n": 100]][draw(3)]
        let registration = WorkerRegistration.example(
            "w\(draw(4))",
            generation: generation,
            models: models,
            streamsMax: 1 + draw(3)
        )
        let action = machine.changeWorkers { $0.workerArrived(registration, over: "") }
        if case .registered(let id, _) = action { attached.append(id) }
    }

    private mutating func changeWorker() {
        guard let id = pick(attached) else { return }
        let (time, what) = (now, draw(6))
        let load = WorkerLoad(
            health: draw(2) == 0 ? .notServing : .serving,
            runningStreams: draw(4),
            waitingTokens: draw(5000),
            lastStepAge: .seconds(draw(60))
        )
        let (name, flag) = ("w\(draw(4))", draw(2) == 0)
        machine.changeWorkers { directory in
            switch what {
            case 0: directory.workerStartedDraining(id)
            case 1, 2: directory.workerReported(load, from: id)
            case 3: _ = flag ? directory.drain(name) : directory.resume(name)
            default: directory.workerLeft(id, flag ? .hung : .inOrder, at: time)
            }
        }
        if what > 3 { attached.removeAll { $0 == id } }
    }

    private mutating func arrive() {
        let demand = demand()
        guard let id = try? machine.requestArrived(demand, at: now) else { return }
        require(alive.insert(id).inserted, "an id is new")
        if machine.standing(of: id) == .waiting { waiting.insert(id) }
    }

    private func demand() -> SamplingDemand {
        var demand = SamplingDemand(model: draw(2) == 0 ? "m" : "n", promptTokens: draw(1000))
        if draw(4) == 0 { demand.deadline = now + .milliseconds(Int64(draw(20_000))) }
        let prompt = [UInt32](repeating: UInt32(draw(3)), count: demand.promptTokens)
        demand.affinity = PromptAffinity(
            model: demand.model,
            sessionKey: draw(2) == 0 ? "s\(draw(5))" : nil,
            prompt: prompt
        )
        return demand
    }

    /// An admitted request's prompt is rendered.
    private mutating func start() {
        guard let id = pick(alive.subtracting(waiting).subtracting(running.keys).sorted()),
            let asked = machine.requests[id]?.demand
        else { return }
        var demand = demand()
        demand.model = asked.model
        let avoided = machine.requests[id]?.moves.avoided
        switch machine.samplingReady(id, demand, at: now) {
        case .placed(let worker, _):
            require(worker != avoided, "an avoided worker is avoided")
            running[id] = demand
        case .queued: waiting.insert(id)
        case .refused:
            require(demand.isOverdue(at: now), "only who is out of time is refused")
        case nil: require(false, "no request is forgotten")
        }
    }

    /// A request asks its tools first.
    private mutating func postpone() {
        if let id = pick(alive.sorted()) { machine.samplingPostponed(id) }
    }

    private mutating func finish() {
        guard let id = pick(running.keys.sorted()) else { return }
        running[id] = nil
        machine.samplingEnded(
            id,
            [.served, .faulted, .neutral][draw(3)],
            movableFor: [nil, .drain, .failure][draw(3)],
            at: now
        )
        if leaving.remove(id) != nil { alive.remove(id) }
    }

    private mutating func leave() {
        guard let id = pick(alive.sorted()) else { return }
        machine.requestLeft(id)
        waiting.remove(id)
        if running[id] == nil { alive.remove(id) } else { leaving.insert(id) }
    }

    private mutating func settle() {
        for action in machine.settle(at: now) {
            switch action {
            case .admit(let id):
                require(waiting.remove(id) != nil, "who is admitted waited")
            case .eject(let id, let error):
                require(waiting.remove(id) != nil, "who is ejected waited")
                let isOverdue = machine.requests[id]?.demand.isOverdue(at: now) == true
                let code = isOverdue ? EngineError.Code.deadlineExceeded : .unavailable
                require(error.code == code, "who waits in vain is told why")
                machine.requestLeft(id)
                alive.remove(id)
            }
        }
    }

    // MARK: What must hold

    private mutating func check() {
        require(machine.settle(at: now) == [], "settling twice changes nothing")
        require(Set(machine.requests.keys) == alive, "who is known is alive")
        require(machine.queue == waiting.sorted(), "who waits is in the queue, in order")
        let tokens = waiting.reduce(0) { $0 + (machine.requests[$1]?.demand.promptTokens ?? 0) }
        require(machine.queuedTokens == tokens, "tokens that wait are counted")
        let next = machine.nextChange(after: now)
        require((next == nil) == waiting.isEmpty, "time counts while somebody waits")
        require(next ?? .distantFuture > now, "what is due has been done")
        for entry in machine.directory.entries { check(entry) }
        let count = machine.directory.workerCount
        require(count == attached.count, "who is attached is known")
    }

    private mutating func check(_ entry: WorkerEntry<String>) {
        let here = machine.requests.values.filter { $0.state == .running(entry.id) }
        let tokens = here.reduce(0) { $0 + $1.demand.tokens }
        require(entry.runningStreams == here.count, "streams are counted")
        require(entry.tokensInFlight == tokens, "tokens in flight are counted")
        guard !entry.hasLeft else {
            return require(entry.runningStreams > 0, "who left and is done is forgotten")
        }
        let kept = machine.requests.values.count { $0.state == .holding(entry.id) }
        require(entry.keptSlots == kept, "kept slots are counted")
        require(entry.runningStreams + kept <= entry.registration.streamsMax, "no worker overruns")
    }

    /// Everything ends: nothing is left.
    mutating func subside() {
        for id in alive { machine.requestLeft(id) }
        for id in running.keys { machine.samplingEnded(id, .neutral, at: now) }
        require(machine.settle(at: now) == [], "nobody is left to be told")
        require(machine.requests.isEmpty, "no request is left")
        require(machine.queue.isEmpty && machine.queuedTokens == 0, "nothing waits")
        for entry in machine.directory.entries {
            require(!entry.hasLeft, "no worker that left is remembered")
            require(entry.runningStreams == 0 && entry.keptSlots == 0, "no slot is left")
            require(entry.tokensInFlight == 0, "no token is left")
        }
    }
}
