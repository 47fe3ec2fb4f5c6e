import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import NIOCore

/// An engine that makes of each prompt its ``TokenSequence``, step by step in virtual time.
struct SequenceEngine: InferenceEngine {
    private struct Run {
        let stream: StreamID
        let sequence: TokenSequence
        let promptTokens: Int
        var next = 0
    }

    let models = [ModelInfo(id: "m", contextTokensMax: 100_000)]
    private let control: EngineControl
    private var runs: [Run] = []

    init(_ control: EngineControl) { self.control = control }

    var streamsMax: Int { control.traits.streamsMax }

    mutating func start(_ generation: Generation, on stream: StreamID) throws(WorkerError) {
        guard let sequence = TokenSequence(prompt: generation.prompt) else {
            throw WorkerError(.invalidArgument, "no prompt of a simulation", parameter: "input")
        }
        if let refusal = control.drawRefusal() { throw refusal }
        control.began(stream)
        runs.append(
            Run(stream: stream, sequence: sequence, promptTokens: generation.prompt.count)
        )
    }

    mutating func step(into output: inout StepOutput) async throws(WorkerError) {
        await control.compute()
        if let failure = control.failure { throw failure }
        for index in runs.indices { advance(&runs[index], into: &output) }
        runs.removeAll { $0.next == $0.sequence.count }
    }

    private func advance(_ run: inout Run, into output: inout StepOutput) {
        let end = min(run.next + control.drawTokenCount(), run.sequence.count)
        let tokens = control.broken(run.sequence[run.next..<end], of: run.sequence)
        output.append(tokens, to: run.stream)
        run.next = end
        guard end == run.sequence.count else { return }
        let usage = TokenUsage(promptTokens: run.promptTokens, outputTokens: end)
        output.finish(run.stream, .stop, usage: usage)
        control.ended(run.stream)
    }

    mutating func cancel(_ stream: StreamID) {
        control.ended(stream)
        runs.removeAll { $0.stream == stream }
    }
}
