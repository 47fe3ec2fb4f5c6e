import HTTPTypes
import HocketResponses
import HocketWire
import Hummingbird
import Logging

/// Gives every request an id, and shows it in the answer's `x-request-id` and in the log.
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
        var response = try await next(request, context)
        response.headers[.requestID] = id
        return response
    }
}

extension HTTPField.Name {
    /// The request's id, for whoever reports a fault.
    static let requestID = HTTPField.Name(known: "x-request-id")

    /// Asks a proxy in front not to hold events back; nginx's own.
    static let accelBuffering = HTTPField.Name(known: "x-accel-buffering")

    /// A name that is known to be one.
    private init(known name: String) {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is no field name")
        }
        self = name
    }
}
