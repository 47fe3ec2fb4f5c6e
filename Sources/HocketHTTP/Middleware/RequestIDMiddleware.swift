import HTTPTypes
import HocketResponses
import HocketWire
import Hummingbird
import Logging

/// Gives every request an id, and shows it in the answer's `x-request-id` and in the log.
///
/// A client may have named its request itself, in the same field: it gets its own name back, and
/// the log has both, since frames and captures know only ours.
struct RequestIDMiddleware: RouterMiddleware {
    let service: ResponseService

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = service.newRequestID()
        let id = context.requestID.description
        context.logger[metadataKey: "request"] = "\(id)"
        let name = request.headers[.requestID].flatMap(\.asRequestName)
        if let name { context.logger[metadataKey: "client_request"] = "\(name)" }
        var response = try await next(request, context)
        response.headers[.requestID] = name ?? id
        return response
    }
}
