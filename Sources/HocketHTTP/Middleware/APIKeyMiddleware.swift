import CoreMetrics
import HTTPTypes
import Hummingbird
import Logging
import OpenAIAPI

/// Lets in who shows a key that holds, as `Authorization: Bearer KEY` (RFC 6750 §2.1).
struct APIKeyMiddleware: RouterMiddleware {
    let keys: APIKeyRing
    let metrics: HTTPMetrics

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        guard let key = request.bearerToken, keys.admit(key) else {
            metrics.keysRefused.increment()
            context.logger.info("refused: no valid API key")
            var response = Response(.invalidAPIKey)
            response.headers[.wwwAuthenticate] = "Bearer"
            return response
        }
        return try await next(request, context)
    }
}

extension Request {
    /// What follows the word `Bearer`, which is written in any case.
    fileprivate var bearerToken: Substring? {
        guard let field = headers[.authorization],
            let space = field.firstIndex(of: " "),
            field[..<space].lowercased() == "bearer"
        else { return nil }
        return field[space...].drop { $0 == " " }
    }
}
