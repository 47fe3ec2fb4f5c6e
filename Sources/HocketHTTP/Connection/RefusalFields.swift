import HocketResponses
import HocketWire
import NIOHTTP1

/// What every answer says besides its content, for answers that no middleware sees: those to
/// requests that are refused before they come to any route.
struct RefusalFields: Sendable {
    /// What a request says of itself that its refusal repeats.
    struct Request: Sendable {
        /// What its client calls it, if that is a name.
        var name: String?
        /// The page that asks, if one does.
        var origin: String?

        /// A request of which no head came.
        init() {}

        init(_ head: HTTPRequestHead) {
            name = head.headers.first(name: "x-request-id").flatMap(\.asRequestName)
            origin = head.headers.first(name: "origin")
        }
    }

    /// A fresh id for a request.
    let newID: @Sendable () -> RequestID
    let now: @Sendable () -> WallTime
    /// The web pages that may ask; nil for none.
    var crossOrigins: CrossOriginPolicy?

    /// The fields of the answer to a request.
    ///
    /// - Parameter id: what the request is called here.
    func fields(answering request: Request, id: RequestID) -> HTTPHeaders {
        var fields: HTTPHeaders = [
            "x-request-id": request.name ?? id.description, "date": now().httpDate,
        ]
        guard let crossOrigins else { return fields }
        fields.add(name: "vary", value: "Origin")
        if let origin = request.origin, crossOrigins.allows(origin) {
            fields.add(name: "access-control-allow-origin", value: origin)
            fields.add(
                name: "access-control-expose-headers",
                value: CrossOriginMiddleware.exposedFields
            )
        }
        return fields
    }
}
