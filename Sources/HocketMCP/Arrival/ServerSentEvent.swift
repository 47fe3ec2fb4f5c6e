/// One event of an event stream that carries data.
struct ServerSentEvent: Hashable, Sendable {
    /// The data, its lines joined by line feeds, with long JSON strings shortened.
    var data: [UInt8]
    /// The id in force with this event (`Last-Event-ID`); nil if the stream has given none yet.
    var id: String?
}
