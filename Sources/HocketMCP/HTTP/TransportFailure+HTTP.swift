import AsyncHTTPClient
import HocketEngine
import NIOCore
import NIOPosix
import SystemPackage

extension TransportFailure {
    /// What an error of an HTTP request means.
    ///
    /// - Parameter wasThere: whether the server has answered on this connection before.
    init(http error: any Error, wasThere: Bool) {
        if let failure = error as? TransportFailure {
            self = failure
        } else if Task.isCancelled || error is CancellationError {
            self.init(.cancelled, .kept)
        } else if let error = error as? ToolError {
            self.init(error, .kept)
        } else {
            self.init(Self.unreachable(error), Self.connection(after: error, wasThere))
        }
    }

    private static func unreachable(_ error: any Error) -> ToolError {
        ToolError(
            code: .unreachable,
            message: "the server cannot be reached, or ended the connection",
            diagnosis: "\(error)"
        )
    }

    private static func connection(after error: any Error, _ wasThere: Bool) -> Connection {
        // Another task has connected anew since this one looked.
        if error as? HTTPClientError == .alreadyShutdown { return .notDelivered }
        guard isBeforeConnected(error) else { return .kept }
        // A server that was there may be somewhere else now: its name is looked up once more.
        return wasThere ? .notDelivered : .lost
    }

    /// Whether a request failed before the server can have seen anything of it.
    private static func isBeforeConnected(_ error: any Error) -> Bool {
        if error is NIOConnectionError { return true }
        switch error as? HTTPClientError {
        case .connectTimeout, .tlsHandshakeTimeout: return true
        default: break
        }
        let refusals: [Errno] = [
            .connectionRefused, .noRouteToHost, .networkUnreachable, .networkDown, .hostIsDown,
        ]
        return (error as? IOError).map { refusals.contains(Errno(rawValue: $0.errnoCode)) } ?? false
    }
}
