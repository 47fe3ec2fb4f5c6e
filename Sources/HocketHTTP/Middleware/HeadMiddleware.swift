import HTTPTypes
import Hummingbird

/// Answers HEAD with the head alone, errors included: a body would be read as the next answer of
/// the connection (RFC 9110 §9.3.2).
struct HeadMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        return request.method == .head ? response.createHeadResponse() : response
    }
}
