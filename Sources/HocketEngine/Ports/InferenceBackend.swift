public import NIOCore

/// Continues prompts: the port through which the service reaches the workers.
public protocol InferenceBackend: Sendable {
    /// The models that some attached worker serves now, sorted by name.
    var models: [ModelDescription] { get }

    /// Runs one sampling to its end.
    ///
    /// Tokens go to `sink` on the sink's event loop while this call waits; when it returns, the
    /// last of them has been handed to that loop. Cancelling the task cancels the sampling.
    ///
    /// - Returns: how the sampling ended.
    /// - Throws: ``EngineError`` when no worker takes the request, when the worker refuses it,
    ///   or when the worker is lost on the way.
    func generate(
        _ request: GenerationRequest,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> GenerationOutcome
}
