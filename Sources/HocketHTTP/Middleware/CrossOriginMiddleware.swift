import HTTPTypes
import Hummingbird

/// Tells browsers which pages may ask and see what is answered (Fetch standard, "CORS protocol").
///
/// A page that is not allowed gets no field of this protocol, and its browser keeps the answer
/// from it. Preflights are answered without a key, since browsers send none with them.
struct CrossOriginMiddleware: RouterMiddleware {
    /// For how many seconds a browser need not ask again.
    private static let preflightSeconds = 600

    /// The fields that a page may read besides those that any page may.
    static let exposedFields = "x-request-id, retry-after"

    let policy: CrossOriginPolicy

    func handle(
        _ request: Request,
        context: BridgeContext,
        next: @concurrent (Request, BridgeContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], policy.allows(origin) else {
            var response = try await next(request, context)
            // What one page may not see, a cache would else show to one that may.
            response.headers[.vary] = "Origin"
            return response
        }
        var response =
            request.isPreflight ? Self.preflight(request) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        response.headers[.accessControlExposeHeaders] = Self.exposedFields
        return response
    }

    private static func preflight(_ request: Request) -> Response {
        var response = Response(status: .noContent)
        response.headers[.accessControlAllowMethods] = "GET, POST, DELETE"
        // SDKs send fields of their own, which differ from version to version.
        response.headers[.accessControlAllowHeaders] =
            request.headers[.accessControlRequestHeaders] ?? "authorization, content-type"
        response.headers[.accessControlMaxAge] = "\(preflightSeconds)"
        return response
    }
}

extension Request {
    fileprivate var isPreflight: Bool {
        method == .options && headers[.accessControlRequestMethod] != nil
    }
}
