import HTTPTypes
import Hummingbird

/// Counts every request by its route and how it was answered.
struct RequestCountMiddleware: RouterMiddleware {
    let metrics: HTTPMetrics

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        metrics.answered(route: context.endpointPath ?? "none", status: response.status.code)
        return response
    }
}
