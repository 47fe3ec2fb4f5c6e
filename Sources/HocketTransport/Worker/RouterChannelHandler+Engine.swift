import HocketEngine
import HocketWire
import NIOCore

/// What the kit that drives the engine tells. Call these on the connection's event loop.
extension RouterChannelHandler {
    /// The engine took prompts; the router may send as many bytes again.
    func taken(_ streams: [StreamID]) {
        let bytes = streams.compactMap { untakenBytes.removeValue(forKey: $0) }.reduce(0, +)
        guard bytes > 0 else { return }
        send(.credit(Credit(bytes)))
        flush()
    }

    /// A prompt was refused by the engine.
    func refused(_ stream: StreamID, _ status: Status) {
        guard machine.promptRefused(on: stream) else { return }
        send(.streamError(status), on: stream)
        flush()
        closeIfDrained()
    }

    /// The engine finished a step.
    func stepped(_ step: StepOutput) {
        let now = clock().monotonicNanoseconds
        report.stepped(tokens: step.tokens.count, at: now)
        steps.number += 1
        for row in step.rows {
            let count = machine.tokensProduced(
                step.tokens[row.tokens],
                row.logprobs,
                on: row.stream
            )
            let sent = step.tokens.span.extracting(row.tokens.prefix(count))
            add(sent, row.logprobs?[0..<count], to: row.stream, at: now)
        }
        writeSteps(at: now)
        for (stream, finish) in step.finishes {
            guard let finish = machine.generationEnded(finish, on: stream) else { continue }
            send(.finish(finish), on: stream)
        }
        if let bytes = step.rawBytes { output.append(raw: bytes) }
        take(step.load)
        flush()
        closeIfDrained()
    }

    /// A change of health is reported at once, all else with the next STATUS.
    private func take(_ load: EngineLoad) {
        let healthChanged = load.isServing != report.load.isServing
        report.load = load
        if healthChanged, machine.isAdmitted { sendStatus() }
    }

    /// The worker is about to leave: its streams end, none is begun.
    ///
    /// - Parameter grace: how long the streams have; nil for as long as they take.
    func drain(within grace: TimeAmount?) {
        if let grace { drainEndsAt = min(drainEndsAt ?? .distantFuture, eventLoop.now + grace) }
        guard machine.drainStarted() else { return }
        send(
            .goAway(
                GoAway(
                    lastStreamID: machine.lastAccepted,
                    reason: .shutdown,
                    graceMilliseconds: grace.map { max(1, Int($0.nanoseconds / 1_000_000)) }
                )
            )
        )
        sendStatus()
        flush()
        closeIfDrained()
    }

    /// Sends tokens that were parked until credit came.
    func sendParked(_ tokens: [UInt32], _ logprobs: LogprobColumns?, on stream: StreamID) {
        let now = clock().monotonicNanoseconds
        add(tokens.span, logprobs, to: stream, at: now)
        writeSteps(at: now)
    }

    private func add(
        _ tokens: Span<UInt32>,
        _ logprobs: LogprobColumns?,
        to stream: StreamID,
        at now: UInt64
    ) {
        do throws(WireError) {
            try steps.add(tokens, logprobs, to: stream, at: now, output: &output)
        } catch {
            fail(error)
        }
    }

    private func writeSteps(at now: UInt64) {
        do throws(WireError) {
            try steps.flush(at: now, into: &output)
        } catch {
            fail(error)
        }
    }
}
