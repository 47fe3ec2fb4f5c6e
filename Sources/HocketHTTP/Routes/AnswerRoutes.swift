import HTTPTypes
import HocketResponses
import Hummingbird
import Logging
import NIOCore
import OpenAIAPI

/// `POST` of requests that a model answers, streamed or not.
///
/// Each path is there with and without `/v1`, since some clients are told the one as the server's
/// address and some the other. `/openresponses` speaks that specification's dialect.
struct AnswerRoutes {
    let service: ResponseService
    let intake: RequestIntake
    /// How long a stream's head is held back while every worker is full.
    let headDelayMax: TimeAmount

    func add(to router: Router<BridgeContext>) {
        add(.responses(.openAI), at: "v1/responses", to: router)
        add(.responses(.openAI), at: "responses", to: router)
        add(.responses(.openResponses), at: "openresponses/v1/responses", to: router)
        for path in ["v1/responses", "responses", "openresponses/v1/responses"] {
            add(.compactions, at: RouterPath("\(path)/compact"), to: router)
        }
        add(.chatCompletions, at: "v1/chat/completions", to: router)
        add(.chatCompletions, at: "chat/completions", to: router)
    }

    private func add(_ api: ClientAPI, at path: RouterPath, to router: Router<BridgeContext>) {
        router.post(path) { request, context in
            let client = try await EventStreamHandler.bound(to: context.channel)
            let (accepted, permit) = try await accept(request, context, for: api)
            defer { withExtendedLifetime(permit) {} }
            let patience = accepted.isStreamed ? NIODeadline.now() + headDelayMax : nil
            let span = context.span
            guard try await accepted.waitForTurn(until: patience, watching: client) else {
                return Response(eventsOver: context.channel) { [permit] in
                    await accepted.stream(to: $0) { span?.answers($0.responseID) }
                    withExtendedLifetime(permit) {}
                }
            }
            let prepared = try await accepted.prepare()
            span?.answers(prepared.responseID)
            context.logger.info("answering", metadata: ["response": "\(prepared.responseID)"])
            if prepared.isBackground {
                return try await begin(prepared, over: context.channel)
            }
            return prepared.isStreamed
                ? Response(eventsOver: context.channel) { [permit] in
                    await prepared.stream(to: $0)
                    withExtendedLifetime(permit) {}
                }
                : Response(json: try await prepared.answer(watching: client))
        }
        // ``WebSocketRoutes`` answers it where responses are made.
        let left: Set<HTTPRequest.Method> = if case .responses = api { [.get] } else { [] }
        router.refuseOthers(than: .post, leaving: left, on: path)
    }

    /// Takes a request in and lets go of its body, which was looked at.
    private func accept(
        _ request: Request,
        _ context: BridgeContext,
        for api: ClientAPI
    ) async throws -> (AcceptedRequest, ConcurrencyLimit.Permit) {
        let envelope = try RequestEnvelope(request, context)
        let taken = try await intake.take(request, on: context.channel)
        defer { withExtendedLifetime(taken.share) {} }
        return (try await service.accept(taken.body, for: api, in: envelope), taken.permit)
    }

    /// Answers with a response that is made from now on.
    private func begin(
        _ prepared: PreparedResponse,
        over channel: any Channel
    ) async throws -> Response {
        let (object, events) = try await service.begin(prepared)
        return prepared.isStreamed
            ? Response(eventsOver: channel) { try await events.stream(to: $0) }
            : Response(json: object)
    }
}
