public import Harmony
public import HocketWire

/// Takes one sampling's tokens on its own event loop, synchronously and in order.
///
/// No task is scheduled between a worker's socket and a sink: the transport calls the sink from
/// the turn of the event loop that read the tokens, or, where sink and worker live on different
/// loops, from one hop that carries everything a read brought for that loop.
public protocol TokenSink: AnyObject {
    /// A worker was chosen for the sampling, and is asked for it next.
    ///
    /// It is called again when that worker did not begin and another one takes its place.
    ///
    /// - Parameter worker: the worker's name.
    func samplingPlaced(on worker: String)

    /// The sampling was handed to a worker; the sink may steer it from now on.
    ///
    /// It is called again, with another control, when the worker was lost before its first token
    /// and another one took its place.
    func generationStarted(_ control: any GenerationControl)

    /// The worker told how many tokens of the prompt it had in its cache.
    ///
    /// It may tell so again when it knows better, or when another worker took the place of one that
    /// was lost: the last word counts. Without this nobody would hear of it where the sampling
    /// fails.
    func cachedTokensReported(_ count: Int)

    /// The next tokens, never empty.
    func tokensReceived(_ tokens: Span<TokenID>)

    /// The next tokens of a sampling that asked for log probabilities, never empty.
    ///
    /// - Parameters:
    ///   - tokens: the tokens.
    ///   - logprobs: one for each token, with at least as many likely tokens beside it as were
    ///     asked for; lent for the call.
    func tokensReceived(_ tokens: Span<TokenID>, _ logprobs: borrowing StepLogprobs)

    /// Everything one read brought for this sink has been delivered: write it out now.
    ///
    /// - Returns: whether more tokens are welcome. After `.paused` the worker is granted no more
    ///   credit for this stream until ``GenerationControl/resume()``.
    func readCompleted() -> TokenDemand
}

extension TokenSink {
    /// Takes the tokens alone: a sink whose samplings ask for no log probabilities needs no more.
    public func tokensReceived(_ tokens: Span<TokenID>, _ logprobs: borrowing StepLogprobs) {
        tokensReceived(tokens)
    }

    /// Does nothing: not every sink tells of where its samplings run.
    public func samplingPlaced(on worker: String) {}

    /// Does nothing: not every sink accounts for what was used.
    public func cachedTokensReported(_ count: Int) {}
}

/// Whether a sink wants more tokens.
public enum TokenDemand: Hashable, Sendable {
    /// What was delivered is on its way to the client; grant credit for as much again.
    case more
    /// The client is slow; grant nothing until told to resume.
    case paused
}

/// Steers one running sampling, from any thread.
public protocol GenerationControl: Sendable {
    /// The sink's client took what was waiting: grant the worker credit again.
    func resume()

    /// Nobody wants the rest: stop the worker. What was said first counts.
    ///
    /// The sampling fails as cancelled at once; only one that is cancelled because it is
    /// `satisfied` ends well, when the worker has said what it used.
    func cancel(_ reason: Cancel.Reason)
}
