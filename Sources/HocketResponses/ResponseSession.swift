import Harmony
import HocketEngine
import HocketWire
import NIOCore
import OpenAIAPI

/// One response on its client's event loop: tokens in, events out, nothing in between waits.
final class ResponseSession: TokenSink, EventOutputObserver {
    let eventLoop: any EventLoop
    private var parser: HarmonyParser
    private var machine: ResponseEventMachine
    private let client: any EventOutput
    private let isStreaming: Bool
    private var control: (any GenerationControl)?
    private var clientHasLeft = false

    init(
        machine: ResponseEventMachine,
        tools: ToolCatalog,
        client: any EventOutput,
        isStreaming: Bool,
        eventLoop: any EventLoop
    ) {
        self.machine = machine
        self.client = client
        self.isStreaming = isStreaming
        self.eventLoop = eventLoop
        parser = HarmonyParser(startingAs: .assistant, declaredTools: tools.names)
    }

    /// The response as it stands, as JSON.
    var responseObject: ByteBuffer { machine.responseObject }

    // MARK: What the response's task tells

    func start() {
        if isStreaming { machine.withOutput(client.prepare) }
        client.observe(with: self)
        machine.responseStarted()
        flush()
    }

    func startRound(promptTokens: Int) {
        machine.roundStarted(promptTokens: promptTokens)
    }

    func endRound(_ outcome: GenerationOutcome) {
        control = nil
        parser.finish(into: &machine)
        machine.roundFinished(
            outcome.reason == .length ? .length : .stop,
            cachedTokens: outcome.usage.cachedTokens
        )
    }

    func end(at seconds: Int, failure: EngineError?) {
        // The sampling holds its sink, which is this session: let go of it on every way out.
        control = nil
        if let failure {
            endInFailure(failure)
        } else {
            machine.responseFinished(at: seconds)
        }
        flush()
        client.observe(with: nil)
    }

    /// Whatever a worker says, only the client itself can have cancelled its response.
    private func endInFailure(_ failure: EngineError) {
        parser.finish(into: &machine)
        if clientHasLeft {
            machine.responseCancelled()
        } else {
            machine.responseFailed(ResponseError(failure))
        }
    }

    // MARK: The path of a token

    func generationStarted(_ control: any GenerationControl) {
        self.control = control
        if clientHasLeft { control.cancel() }
    }

    func tokensReceived(_ tokens: Span<TokenID>) {
        for index in tokens.indices {
            machine.tokenReceived()
            parser.consume(tokens[index], into: &machine)
        }
    }

    func readCompleted() -> TokenDemand {
        guard isStreaming else { return .more }
        flush()
        return client.isWritable ? .more : .paused
    }

    private func flush() {
        if isStreaming { machine.withOutput(client.send) }
    }

    // MARK: What the client does

    func clientBecameWritable() {
        control?.resume()
    }

    func clientLeft() {
        clientHasLeft = true
        control?.cancel()
    }
}
