import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI

/// `POST /v1/responses`, streamed or not.
struct ResponsesRoutes {
    let service: ResponseService
    let limits: HTTPLimits

    func add(to router: Router<BridgeContext>) {
        router.post("v1/responses") { request, context in
            let body = try await request.body.collect(upTo: limits.bodyBytesMax)
            let prepared = try service.prepare(body, requestID: context.requestID)
            return prepared.isStreamed
                ? Self.stream(prepared, over: context.channel)
                : try await Self.answer(prepared, on: context.channel)
        }
        router.refuseOthers(than: .post, on: "v1/responses")
    }

    /// Answers with the response object once it is complete.
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
