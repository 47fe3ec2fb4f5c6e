import NIOCore
import NIOWebSocket

/// Lets in only frames that a client may send (RFC 6455 §5.1 and §5.2).
final class ClientFrameCheck: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame

    /// What is wrong with a frame.
    enum Fault: Error, Hashable {
        case notMasked
        /// A bit is set that only an extension gives a meaning; none was agreed on.
        case reservedBit
        case unknownOpcode
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let fault = Self.fault(of: unwrapInboundIn(data)) {
            context.fireErrorCaught(fault)
        } else {
            context.fireChannelRead(data)
        }
    }

    private static func fault(of frame: WebSocketFrame) -> Fault? {
        if frame.maskKey == nil { return .notMasked }
        if frame.rsv1 || frame.rsv2 || frame.rsv3 { return .reservedBit }
        switch frame.opcode {
        case .continuation, .text, .binary, .connectionClose, .ping, .pong: return nil
        default: return .unknownOpcode
        }
    }
}
