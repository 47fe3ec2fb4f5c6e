import HocketEngine
import HocketWire
public import NIOCore
public import OpenAIAPI

/// Requests wait their turn before anything costly is done for them, and before their clients are
/// told that all is well.
extension ResponseService {
    /// A body is taken to be a prompt of a token for so many bytes, as English text is.
    ///
    /// JSON makes that an overestimate, other scripts an underestimate.
    static let bodyBytesPerToken = 4

    /// Checks a request, and asks for it to be let in.
    ///
    /// - Parameters:
    ///   - body: the JSON of the request.
    ///   - api: the API that the request came by.
    ///   - envelope: what the request came with besides its body.
    /// - Returns: at once; a background request waits only when it is run, since nobody waits for
    ///   it.
    /// - Throws: ``APIError`` naming the parameter at fault or the unknown model; with status 429
    ///   when too much waits already, with 503 while no worker is attached, when the process is
    ///   about to end or when the wait would take longer than the request has time, and with 504
    ///   when its time is over already.
    public func accept(
        _ body: ByteBuffer,
        for api: ClientAPI = .responses(.openAI),
        in envelope: RequestEnvelope
    ) async throws -> AcceptedRequest {
        let place = try running.begin()
        let asked = try CheckedRequest(body: body, api: api, serving: servedBuiltIns)
        if toolCaller == nil { try asked.request.refuseServers() }
        let timeLimit = TimeLimit(
            envelope,
            isBackground: asked.request.background,
            operator: timeout
        )
        let model = try model(named: asked.request.model)
        let remembered = asked.request.previousResponseID.flatMap {
            envelope.chain?.take(endingAt: $0)
        }
        // What was said before is a part of the prompt, and says itself how long it is.
        let history = try await historyTokens(of: asked.request, remembered)
        let promptTokens = body.readableBytes / Self.bodyBytesPerToken + history
        return AcceptedRequest(
            service: self,
            asked: asked,
            model: model,
            remembered: remembered,
            envelope: envelope,
            timeLimit: timeLimit,
            place: place,
            admission: try admit(
                asked.request,
                promptTokens: min(promptTokens, model.contextTokensMax),
                timeLimit
            )
        )
    }

    /// Checks a request, waits until a worker has room for it and renders its prompt, so that
    /// everything wrong with it is known before the first byte of an answer.
    ///
    /// - Parameter client: gives its place among those that wait up when it leaves.
    /// - Throws: ``APIError`` as ``accept(_:for:in:)``,
    ///   ``AcceptedRequest/waitForTurn(until:watching:)`` and ``AcceptedRequest/prepare()`` do.
    public func prepare(
        _ body: ByteBuffer,
        for api: ClientAPI = .responses(.openAI),
        in envelope: RequestEnvelope,
        watching client: NIOLoopBound<any EventOutput>? = nil
    ) async throws -> PreparedResponse {
        let accepted = try await accept(body, for: api, in: envelope)
        _ = try await accepted.waitForTurn(watching: client)
        return try await accepted.prepare()
    }

    /// About how many tokens were said before a request, which its body only names.
    ///
    /// - Throws: ``APIError`` with status 400 when the response that it continues is not kept.
    private func historyTokens(
        of request: ResponsesRequest,
        _ remembered: [StoredResponse]?
    ) async throws -> Int {
        if let last = remembered?.last { return last.tokens }
        guard !request.background, let store else { return 0 }
        do throws(StoreError) {
            if let id = request.conversationID {
                let items = try await store.items(ofConversation: id) ?? []
                return items.reduce(0) { $0 + $1.json.count } / Self.bodyBytesPerToken
            }
            guard let id = request.previousResponseID else { return 0 }
            guard let previous = try await store.response(id) else {
                throw StoreError(code: .notFound, message: "")
            }
            return previous.tokens
        } catch {
            guard error.code == .notFound, let id = request.previousResponseID else {
                throw APIError(error)
            }
            throw APIError.previousResponseNotFound(id)
        }
    }

    /// A background request only learns whether it can be served at all: it asks for its place when
    /// it is run, and then waits as long as it takes.
    private func admit(
        _ request: ResponsesRequest,
        promptTokens: Int,
        _ timeLimit: TimeLimit
    ) throws(APIError) -> (any Admission)? {
        if request.background { try background?.checkRoom() }
        let demand = SamplingDemand(
            request,
            promptTokens: promptTokens,
            deadline: timeLimit.deadline(startingAt: .now())
        )
        let admission: any Admission
        do throws(EngineError) {
            admission = try backend.admit(demand)
        } catch {
            metrics.refused(error)
            throw APIError(error, model: request.model, inputParameter: request.inputParameter)
        }
        guard request.background else { return admission }
        defer { admission.release() }
        if admission.isWaiting { try background?.checkRoomToWaitForWorker() }
        return nil
    }
}

extension SamplingDemand {
    /// What a request asks of a worker; one in the background is patient.
    init(_ request: ResponsesRequest, promptTokens: Int, deadline: NIODeadline?) {
        self.init(
            model: request.model,
            promptTokens: promptTokens,
            outputTokensMax: request.maxOutputTokens ?? .max,
            needs: CapabilityDemand.all(of: request),
            deadline: deadline
        )
        isPatient = request.background
    }
}
