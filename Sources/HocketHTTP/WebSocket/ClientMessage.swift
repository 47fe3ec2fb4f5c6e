import NIOCore

/// A message of a client that waits to be answered.
struct ClientMessage: Sendable {
    let text: ByteBuffer
    /// Its part of what all takes that was not looked at yet; let go of it together with the text.
    let share: ByteBudget.Share
    let arrivedAt: NIODeadline
}
