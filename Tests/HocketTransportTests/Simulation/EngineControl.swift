import HocketTesting
import HocketWire
import HocketWorker
import NIOCore
import Synchronization

/// What a simulation sees of an engine, and how it steers it.
final class EngineControl: Sendable {
    private struct State {
        var isHung = false
        var failure: WorkerError?
        /// How many rules are still to be broken.
        var breachesLeft = 0
        var running: Set<StreamID> = []
        var faults: [String] = []
    }

    let traits: EngineTraits
    private let loop: VirtualEventLoop
    private let random: SeededRandomness
    private let breach: EngineBreach?
    private let state: Mutex<State>

    init(_ traits: EngineTraits, breach: EngineBreach? = nil, on loop: VirtualEventLoop) {
        self.traits = traits
        self.breach = breach
        self.loop = loop
        random = loop.host.random
        state = Mutex(State(breachesLeft: breach == nil ? 0 : 1))
    }

    /// Makes no step any more, and does not say so.
    func hang() { state.withLock { $0.isHung = true } }

    /// The next step fails.
    func fail() { state.withLock { $0.failure = WorkerError(.internal, "the device is gone") } }

    var failure: WorkerError? { state.withLock { $0.failure } }

    /// The streams that it works on.
    var running: Set<StreamID> { state.withLock { $0.running } }

    /// What the kit must not have asked for.
    var faults: [String] { state.withLock { $0.faults } }

    func began(_ stream: StreamID) {
        state.withLock { state in
            let isNew = state.running.insert(stream).inserted
            if !isNew { state.faults.append("\(stream) was begun twice") }
        }
    }

    func ended(_ stream: StreamID) {
        state.withLock { state in
            let ran = state.running.remove(stream) != nil
            if !ran { state.faults.append("\(stream) ended, but did not run") }
        }
    }

    /// The time that a step takes; for ever when the engine hangs, unless its task is cancelled.
    func compute() async {
        await loop.sleep(for: .microseconds(Int64(random.number(in: traits.stepMicroseconds))))
        if state.withLock({ $0.isHung }) { await loop.sleep(for: nil) }
    }

    func drawTokenCount() -> Int { random.number(in: 0...traits.tokensPerStepMax) }

    func drawRefusal() -> WorkerError? {
        guard random.happens(percent: traits.refusalPercent) else { return nil }
        return random.choice(of: [
            WorkerError(.invalidArgument, "the engine will not", parameter: "input"),
            WorkerError(.resourceExhausted, "the cache is full", isRetryable: true),
            WorkerError(.internal, "the engine failed at this prompt"),
        ])
    }

    /// The tokens of a step as they leave an engine that may break a rule.
    func broken(_ tokens: Slice<TokenSequence>, of sequence: TokenSequence) -> [UInt32] {
        let tokens = Array(tokens)
        guard let breach, tokens.count > 1, sequence.count > 2 * tokens.count else { return tokens }
        let isDue = state.withLock { state in
            defer { state.breachesLeft = 0 }
            return state.breachesLeft > 0
        }
        return isDue ? breach.applied(to: tokens) : tokens
    }
}
