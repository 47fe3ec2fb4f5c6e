/// What waits for a subscriber, in the one order in which it happened.
enum Captured: Hashable, Sendable {
    case frame(CapturedFrame)
    case toolMessage(CapturedToolMessage)

    /// The memory that it holds.
    var memoryBytes: Int {
        switch self {
        case .frame(let frame): frame.memoryBytes
        case .toolMessage(let message): message.memoryBytes
        }
    }
}
