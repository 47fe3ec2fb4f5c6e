/// One event of a stream (WHATWG HTML §9.2.6).
struct ServerSentEvent: Hashable, Sendable {
    /// What a stream does not name otherwise is a message.
    static let message = "message"

    /// What kind of event it is.
    var type = message
    /// The lines of its data, joined by line feeds.
    var data: [UInt8]
}
