import HocketEngine
import HocketWire
public import NIOCore
public import OpenAIAPI

/// A request that was found good and whose prompt is rendered; running it gives the response.
public struct PreparedResponse: Sendable {
    let request: ResponsesRequest
    let tools: ToolCatalog
    let generation: GenerationRequest
    let identifiers: ResponseIdentifiers
    let backend: any InferenceBackend
    let now: @Sendable () -> WallTime

    /// Whether the caller asked for events.
    public var isStreamed: Bool { request.stream }

    /// Makes the response and sends its events as they come.
    ///
    /// Returns when the last event was sent, or when the client is gone. Whatever goes wrong is
    /// told by the terminal event.
    public func stream(to output: NIOLoopBound<any EventOutput>) async {
        _ = await run(to: output, isStreaming: true)
    }

    /// Makes the response.
    ///
    /// - Parameter client: only watched: a client that leaves ends the sampling.
    /// - Returns: the response object as JSON.
    /// - Throws: ``APIError`` when no response could be made.
    public func answer(
        watching client: NIOLoopBound<any EventOutput>
    ) async throws(APIError) -> ByteBuffer {
        let (object, failure) = await run(to: client, isStreaming: false)
        if let failure { throw APIError(failure, model: generation.model) }
        return object
    }

    private func run(
        to output: NIOLoopBound<any EventOutput>,
        isStreaming: Bool
    ) async -> (object: ByteBuffer, failure: EngineError?) {
        let session = await session(to: output, isStreaming: isStreaming)
        let failure = await sample(into: session)
        let object = await session.onLoop { session in
            session.end(at: now().secondsSince1970, failure: failure)
            return session.responseObject
        }
        return (object, failure)
    }

    /// Runs the one round there is.
    private func sample(into session: NIOLoopBound<ResponseSession>) async -> EngineError? {
        let sink = await session.onLoop { session in
            session.startRound(promptTokens: generation.prompt.count)
            return NIOLoopBound<any TokenSink>(session, eventLoop: session.eventLoop)
        }
        do throws(EngineError) {
            let outcome = try await backend.generate(generation, into: sink)
            await session.onLoop { $0.endRound(outcome) }
            return nil
        } catch {
            return error
        }
    }

    private func session(
        to output: NIOLoopBound<any EventOutput>,
        isStreaming: Bool
    ) async -> NIOLoopBound<ResponseSession> {
        let machine = ResponseEventMachine(
            request: request,
            model: generation.model,
            tools: tools,
            identifiers: identifiers,
            createdAt: now().secondsSince1970,
            options: .init(isStreaming: isStreaming)
        )
        return await output.onLoop { client in
            let session = ResponseSession(
                machine: machine,
                tools: tools,
                client: client,
                isStreaming: isStreaming,
                eventLoop: output.eventLoop
            )
            session.start()
            return NIOLoopBound(session, eventLoop: output.eventLoop)
        }
    }
}

extension NIOLoopBound {
    /// Does something with the value on its event loop and waits for it.
    func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (Value) -> Result
    ) async -> Result {
        let eventLoop = eventLoop
        return await withCheckedContinuation { continuation in
            eventLoop.execute { continuation.resume(returning: body(self.value)) }
        }
    }
}
