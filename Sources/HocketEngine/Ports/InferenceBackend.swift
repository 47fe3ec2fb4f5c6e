public import NIOCore

/// Continues prompts: the port through which the service reaches the workers.
public protocol InferenceBackend: Sendable {
    /// The models that some attached worker serves now, sorted by name.
    var models: [ModelDescription] { get }

    /// Whether a model that nobody serves now is likely to be served again soon.
    func expects(_ model: String) -> Bool

    /// Asks for a request to be let in, before its prompt is rendered.
    ///
    /// - Parameter demand: its prompt's length is an estimate; one that is patient is let in later
    ///   rather than turned away.
    /// - Returns: at once; the request goes on when ``Admission/wait()`` returns.
    /// - Throws: ``EngineError`` when there is no worker for it, or when too much waits.
    func admit(_ demand: SamplingDemand) throws(EngineError) -> any Admission

    /// Runs one sampling of an admitted request to its end.
    ///
    /// Tokens go to `sink` on the sink's event loop while this call waits; when it returns, the
    /// last of them has been handed to that loop. Cancelling the task cancels the sampling. A
    /// request's second sampling, and one whose worker was lost before its first token, may wait
    /// for a worker.
    ///
    /// - Returns: how the sampling ended.
    /// - Throws: ``EngineError`` when no worker takes the request in time, when the worker refuses
    ///   it, or when the worker is lost on the way.
    func generate(
        _ request: GenerationRequest,
        under admission: any Admission,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> GenerationOutcome
}

extension InferenceBackend {
    /// A backend whose models do not come and go expects none.
    public func expects(_ model: String) -> Bool { false }

    /// Admits a request of a single sampling, and runs it to its end.
    ///
    /// - Returns: how the sampling ended.
    /// - Throws: ``EngineError``, as ``admit(_:)`` and ``generate(_:under:into:)`` do.
    public func generate(
        _ request: GenerationRequest,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> GenerationOutcome {
        let admission = try admit(SamplingDemand(request))
        defer { admission.release() }
        try await admission.wait()
        return try await generate(request, under: admission, into: sink)
    }
}
