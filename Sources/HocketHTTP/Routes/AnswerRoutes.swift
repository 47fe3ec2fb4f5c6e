import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI

/// `POST` of requests that a model answers, streamed or not.
///
/// Each path is there with and without `/v1`, since some clients are told the one as the server's
/// address and some the other. `/openresponses` speaks that specification's dialect.
struct AnswerRoutes {
    let service: ResponseService
    let limits: HTTPLimits

    func add(to router: Router<BridgeContext>) {
        add(.responses(.openAI), at: "v1/responses", to: router)
        add(.responses(.openAI), at: "responses", to: router)
        add(.responses(.openResponses), at: "openresponses/v1/responses", to: router)
        add(.chatCompletions, at: "v1/chat/completions", to: router)
        add(.chatCompletions, at: "chat/completions", to: router)
    }

    private func add(_ api: ClientAPI, at path: RouterPath, to router: Router<BridgeContext>) {
        router.post(path) { request, context in
            let body = try await request.body.collect(upTo: limits.bodyBytesMax)
            let prepared = try await service.prepare(body, for: api, requestID: context.requestID)
            return prepared.isStreamed
                ? Self.stream(prepared, over: context.channel)
                : try await Self.answer(prepared, on: context.channel)
        }
        router.refuseOthers(than: .post, on: path)
    }

    /// Answers with one object once it is complete.
    private static func answer(
        _ prepared: PreparedResponse,
        on channel: any Channel
    ) async throws -> Response {
        let client = try await EventStreamHandler.bound(to: channel)
        return Response(json: try await prepared.answer(watching: client))
    }

    /// Answers with events as they come.
    private static func stream(
        _ prepared: PreparedResponse,
        over channel: any Channel
    ) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8",
                .cacheControl: "no-cache",
                .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                // Hummingbird has handed the head to the channel's event loop by now, so what is
                // sent from there on comes after it.
                let output = try await EventStreamHandler.bound(to: channel)
                await prepared.stream(to: output)
                try await writer.finish(nil)
            }
        )
    }
}
