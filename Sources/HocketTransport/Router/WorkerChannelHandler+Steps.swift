import HocketEngine
import HocketWire

/// What STEP brings.
extension WorkerChannelHandler {
    /// Where every token of every stream of this worker passes.
    func receive(_ step: borrowing StepView) throws(WireError) {
        try step.forEachRow { (id, tokens, logprobs) throws(WireError) in
            switch try machine.tokensReceived(tokens.count, on: id) {
            case .deliver(let stream):
                guard let asked = stream.topLogprobs else {
                    deliveries.add(tokens, for: stream)
                    break
                }
                guard !logprobs.isEmpty, logprobs.topCount >= asked else {
                    logprobsAreMissing(from: stream, on: id)
                    break
                }
                deliveries.add(tokens, logprobs, for: stream)
            case .drop: break
            case .overrun(let stream): overrun(stream, on: id, by: tokens.count)
            }
        }
    }

    private func overrun(_ stream: GenerationStream, on id: StreamID, by count: Int) {
        let message = "\(count) tokens on stream \(id) exceed its credit"
        endFaulty(stream, on: id, Status(.resourceExhausted, message))
    }

    /// What was agreed to and asked for is not left out in silence.
    private func logprobsAreMissing(from stream: GenerationStream, on id: StreamID) {
        machine.streamFaulted(on: id)
        let message = "tokens on stream \(id) lack the log probabilities that were asked for"
        endFaulty(stream, on: id, Status(.failedPrecondition, message))
    }

    /// Ends a stream on which the worker broke a rule; its other streams go on.
    private func endFaulty(_ stream: GenerationStream, on id: StreamID, _ status: Status) {
        let error = EngineError(code: .protocolViolation, message: status.message)
        deliveries.end(stream, .failed(error))
        send(.streamError(status), on: id)
    }
}
