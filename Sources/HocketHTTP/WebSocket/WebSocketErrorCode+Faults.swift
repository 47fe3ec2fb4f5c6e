import NIOWebSocket

extension WebSocketErrorCode {
    /// With what a socket is closed on which something went wrong; nil if it is no fault of the
    /// protocol (RFC 6455 §7.4.1).
    init?(closingFor error: any Error) {
        switch error {
        case let error as NIOWebSocketError:
            switch error {
            case .invalidFrameLength: self = .messageTooLarge
            case .fragmentedControlFrame, .multiByteControlFrameLength: self = .protocolError
            }
        case let error as NIOWebSocketFrameAggregator.Error:
            switch error {
            case .accumulatedFrameSizeIsTooLarge, .tooManyFragments: self = .messageTooLarge
            default: self = .protocolError
            }
        case is ClientFrameCheck.Fault: self = .protocolError
        case MessageIntake.Fault.tooSlow: self = .policyViolation
        // "Try again later", as registered by IANA.
        case MessageIntake.Fault.tooManyBytes: self = .unknown(1013)
        default: return nil
        }
    }

    /// Whether a client may close with it (RFC 6455 §7.4).
    var mayBeSent: Bool {
        switch number {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The code as a number.
    var number: UInt16 { UInt16(webSocketErrorCode: self) }
}
