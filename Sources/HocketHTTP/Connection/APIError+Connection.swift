import NIOCore
import NIOHTTP1
import OpenAIAPI

/// Errors about the connection and the head of a request, and about there being too many.
extension APIError {
    /// The bytes are no HTTP, or more of it than the decoder takes: 400 or 431.
    init(_ error: HTTPParserError, limits: HTTPLimits) {
        switch error {
        case .headerOverflow:
            self = Self.refused(
                431,
                "The head of the request is too large (max: \(limits.headBytesMax) bytes and "
                    + "\(limits.headerFieldsMax) header fields)."
            )
        default:
            self = Self.refused(400, "The request is not valid HTTP: \(error).")
        }
    }

    /// The target of the request is too long: 414.
    static func targetTooLong(bytesMax: Int) -> APIError {
        refused(414, "The target of the request is too long (max: \(bytesMax) bytes).")
    }

    /// The client did not send in time what it had begun: 408.
    static func requestTimeout(_ lateness: RequestPace.Lateness, limits: HTTPLimits) -> APIError {
        switch lateness {
        case .head:
            refused(
                408,
                "The head of the request did not come within \(limits.headTimeout.seconds) s."
            )
        case .body:
            refused(
                408,
                "Nothing of the request's body came for \(limits.bodyTimeout.seconds) s."
            )
        case .bodyPace:
            refused(
                408,
                "The request's body came too slowly (min: \(limits.bodyRateMin) bytes a second)."
            )
        }
    }

    /// There are as many connections as there may be: 503.
    static let tooManyConnections = unavailable(
        "The server has as many connections as it takes.",
        retryAfterSeconds: 1
    )

    /// As many requests are being answered as there may be: 429.
    static func tooManyRequests(requestsMax: Int) -> APIError {
        rateLimited(
            "The server answers as many requests as it takes (max: \(requestsMax)).",
            retryAfterSeconds: 1
        )
    }

    /// As many messages of a WebSocket wait as may: 429.
    static func tooManyMessages(waitingMax: Int) -> APIError {
        rateLimited(
            "One message is answered at a time, and as many wait as may (max: \(waitingMax)).",
            retryAfterSeconds: 1
        )
    }

    /// The client speaks another version of the WebSocket protocol: 426.
    static let webSocketVersion = refused(
        426,
        "Only version \(WebSocketHandshake.version) of the WebSocket protocol is served."
    )

    /// The bodies of all requests take as much memory as they may: 503.
    static func tooManyBodyBytes(bytesMax: Int) -> APIError {
        unavailable(
            "The server holds as much of requests as it takes (max: \(bytesMax) bytes).",
            retryAfterSeconds: 1
        )
    }

    /// As much is being counted as may be: 429.
    static func tooMuchToCount(bytesMax: Int) -> APIError {
        rateLimited(
            "The server counts as much as it takes at a time (max: \(bytesMax) bytes).",
            retryAfterSeconds: 1
        )
    }

    private static func refused(_ status: Int, _ message: String) -> APIError {
        APIError(httpStatus: status, kind: .invalidRequest, message: message)
    }
}
