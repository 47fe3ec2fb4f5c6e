import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import Synchronization

/// An engine that counts: each stream gets 0, 1, 2, … until it has as many as it asked for.
struct CountingEngine: InferenceEngine {
    /// What the test sees and steers.
    final class Control: Sendable {
        private struct State {
            var started: [StreamID] = []
            var cancelled: [StreamID] = []
            var failure: WorkerError?
        }

        private let state = Mutex(State())
        /// Steps wait here.
        let gate: Gate

        init(gateIsOpen: Bool = true) {
            gate = Gate()
            if gateIsOpen { gate.open() }
        }

        /// The streams that were started.
        var started: [StreamID] { state.withLock { $0.started } }

        /// The streams that were cancelled.
        var cancelled: [StreamID] { state.withLock { $0.cancelled } }

        /// Why the next step fails, if it does.
        var failure: WorkerError? { state.withLock { $0.failure } }

        func noteStarted(_ stream: StreamID) {
            state.withLock { $0.started.append(stream) }
        }

        func noteCancelled(_ stream: StreamID) {
            state.withLock { $0.cancelled.append(stream) }
        }

        func fail(with error: WorkerError) { state.withLock { $0.failure = error } }
    }

    private let control: Control
    private let tokensPerStep: Int
    private var runs: [StreamID: (next: UInt32, end: UInt32)] = [:]
    let models = [ModelInfo(id: "m", contextTokensMax: 1_000_000)]
    let streamsMax = 16

    init(_ control: Control = Control(), tokensPerStep: Int = 3) {
        self.control = control
        self.tokensPerStep = tokensPerStep
    }

    mutating func start(
        _ generation: Generation,
        on stream: StreamID
    ) throws(WorkerError) {
        // A prompt of one token is refused; else its last token says how long the answer is.
        guard generation.prompt.count > 1, let count = generation.prompt.last else {
            throw WorkerError(.invalidArgument, "one token is no prompt", parameter: "input")
        }
        runs[stream] = (0, count)
        control.noteStarted(stream)
    }

    mutating func step(into output: inout StepOutput) async throws(WorkerError) {
        await control.gate.pass()
        if let failure = control.failure { throw failure }
        for stream in runs.keys.sorted(by: >) {
            guard let run = runs[stream] else { continue }
            let next = min(run.next + UInt32(tokensPerStep), run.end)
            output.append(Array(run.next..<next), to: stream)
            runs[stream]?.next = next
            guard next == run.end else { continue }
            output.finish(stream, .stop, usage: TokenUsage(outputTokens: Int(next)))
            runs[stream] = nil
        }
    }

    mutating func cancel(_ stream: StreamID) {
        runs[stream] = nil
        control.noteCancelled(stream)
    }
}

/// Keeps tasks waiting until it is opened, once and for good.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting.removeAll() }
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the gate is open, or at once when the task is cancelled.
    func pass() async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let passes = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if passes { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
        }
    }
}
