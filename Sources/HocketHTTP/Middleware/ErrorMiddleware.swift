import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import OpenAIAPI

/// Gives every failed request the API's error object, whoever threw: a route, the router or
/// Hummingbird itself.
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The gate refuses the request, and replaces what Hummingbird answers to this.
            throw error
        } catch let unread as UnreadBody {
            var response = Response(unread.error)
            response.headers[.connection] = "close"
            return response
        } catch {
            return Response(apiError(from: error, request: request, context: context))
        }
    }

    private func apiError(
        from error: any Error,
        request: Request,
        context: BridgeContext
    ) -> APIError {
        if let error = error as? APIError { return error }
        switch (error as? any HTTPResponseError)?.status {
        case .notFound:
            return .routeNotFound(method: request.method.rawValue, path: request.uri.path)
        default:
            // Of a client that has left meanwhile, whatever fails is no failure.
            return APIError(error, logger: context.channel.isActive ? context.logger : nil)
        }
    }
}

extension APIError {
    /// What a client is told of an error.
    ///
    /// - Parameter logger: is told of one that is not the client's; nil if nobody need know.
    init(_ error: any Error, logger: Logger?) {
        if let error = error as? APIError {
            self = error
        } else {
            logger?.error("request failed", metadata: ["error": "\(error)"])
            self = .serverError("The server had an error while processing the request.")
        }
    }
}

extension Response {
    /// The answer that tells a client of an error.
    init(_ error: APIError) {
        self.init(
            status: HTTPResponse.Status(code: error.httpStatus),
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: error.body)
        )
        if let seconds = error.retryAfterSeconds { headers[.retryAfter] = "\(seconds)" }
    }
}
