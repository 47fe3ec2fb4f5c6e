public import Harmony
public import HocketWire

/// The simple way to make a worker: an asynchronous sequence of tokens for each request.
///
/// It suits engines that hide their batches, such as one behind an interface of its own that streams
/// each output. ``TokenSourceEngine`` makes an engine of it:
///
/// ```swift
/// struct Echo: TokenSource {
///     let models = [ModelInfo(id: "echo", contextTokensMax: 100_000)]
///     let streamsMax = 64
///
///     func tokens(for generation: Generation) -> AsyncStream<TokenID> {
///         AsyncStream { continuation in
///             for token in generation.prompt { continuation.yield(token) }
///             continuation.finish()
///         }
///     }
/// }
///
/// let worker = WorkerService(path: path, identity: identity, group: group, logger: logger) {
///     TokenSourceEngine(Echo())
/// }
/// ```
///
/// What batches itself, or knows how likely its tokens are, is better off as an ``InferenceEngine``.
public protocol TokenSource: Sendable {
    /// The tokens of one request, as they come.
    associatedtype Tokens: AsyncSequence where Tokens.Element == TokenID

    /// What the engine is called, with its version; for operators.
    var name: String { get }

    /// The models this source serves; the first is the default.
    var models: [ModelInfo] { get }

    /// The most streams it runs at a time.
    var streamsMax: Int { get }

    /// What it can do beyond plain generation; what is not named here is refused by the kit.
    var capabilities: Capabilities { get }

    /// Continues a prompt, in a task of its own.
    ///
    /// The stream ends with its stop token, which is a token like any other, with its limit, or
    /// with the sequence; then, and when nobody wants the rest, the task is cancelled. The next
    /// token is asked for when the last was taken.
    ///
    /// - Throws: ``WorkerError`` when the prompt is refused; any error, here or from the sequence,
    ///   ends the stream and no other.
    func tokens(for generation: Generation) async throws -> Tokens
}

extension TokenSource {
    /// The name of its type, unless the source says otherwise.
    public var name: String { "\(Self.self)" }

    /// Nothing, unless the source says otherwise.
    public var capabilities: Capabilities { [] }
}
