import HTTPTypes
import HocketResponses
import Hummingbird

/// Says in every answer when it was made, as a server with a clock must (RFC 9110 §6.6.1).
struct DateMiddleware: RouterMiddleware {
    let now: @Sendable () -> WallTime

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.date] = now().httpDate
        return response
    }
}
