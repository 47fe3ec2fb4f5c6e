import HocketEngine
import Logging
import Synchronization

extension ServerSession {
    /// Says what an arriving message means, and passes on what it says.
    func received(
        _ message: JSONRPCMessage,
        _ request: JSONRPCID?,
        _ connection: Int
    ) -> ClientMachine.OnMessage {
        crossed(.fromServer, message)
        let (meaning, report) = state.withLock { state in
            Self.received(message, request, connection, &state)
        }
        switch meaning {
        case .progress(_, var progress):
            progress.message = progress.message.map(secrets.masked)
            report?(progress)
        case .reply(let reply): crossed(.toServer, reply)
        case .ignored(let reason):
            logger.debug("message of a tool server ignored", metadata: ["reason": "\(reason)"])
        case .answer, .toolsChanged: break
        }
        return meaning
    }

    private static func received(
        _ message: JSONRPCMessage,
        _ request: JSONRPCID?,
        _ connection: Int,
        _ state: inout State
    ) -> (ClientMachine.OnMessage, (@Sendable (ToolProgress) -> Void)?) {
        guard connection == state.connection else {
            return (.ignored("it came on a former connection"), nil)
        }
        let meaning = state.machine.received(message, onStreamOf: request)
        switch meaning {
        case .progress(let id, _): return (meaning, state.pending[id]?.progress)
        case .toolsChanged:
            state.toolChanges += 1
            state.listingIsFreshUntil = nil
            return (meaning, nil)
        default: return (meaning, nil)
        }
    }
}
