import HocketEngine

/// Reads the messages out of an HTTP answer, whichever of the two content types it has
/// (Streamable HTTP, Sending Messages).
struct AnswerBodyReader {
    private enum Format {
        case json(ShortenedJSON)
        case events(ServerSentEventReader)
    }

    private var format: Format
    private var bytesLeft: Int
    private let limits: ArrivalLimits

    /// - Parameter contentType: the answer's; nil when it has none.
    /// - Throws: ``ToolError`` `invalidAnswer` for a type that no answer may have.
    init(contentType: String?, limits: ArrivalLimits) throws(ToolError) {
        let mediaType = Self.mediaType(contentType)
        switch mediaType {
        case "application/json": format = .json(ShortenedJSON(limits: limits))
        case Self.eventStream: format = .events(ServerSentEventReader(limits: limits))
        default:
            throw ToolError(
                code: .invalidAnswer,
                message: "the server's answer is neither JSON nor an event stream",
                cause: "its content type is '\(mediaType)'"
            )
        }
        bytesLeft = limits.arrivalBytesMax
        self.limits = limits
    }

    private static let eventStream = "text/event-stream"

    private static func mediaType(_ contentType: String?) -> String {
        String((contentType ?? "").lowercased().prefix { $0 != ";" && $0 != " " })
    }

    /// Whether a content type is that of an event stream.
    static func isEventStream(_ contentType: String?) -> Bool {
        mediaType(contentType) == eventStream
    }

    /// The id to resume the stream from, for a stream that can be resumed.
    var lastEventID: String? {
        guard case .events(let reader) = format else { return nil }
        return reader.lastEventID
    }

    /// How many milliseconds the server wants a client to wait before it resumes.
    var retryMilliseconds: Int? {
        guard case .events(let reader) = format else { return nil }
        return reader.retryMilliseconds
    }

    /// Reads the next bytes, cut anywhere, and returns the messages that they complete.
    ///
    /// - Throws: ``ToolError`` `tooLarge` or `invalidAnswer`.
    mutating func read(_ bytes: Span<UInt8>) throws(ToolError) -> [JSONRPCMessage] {
        bytesLeft -= bytes.count
        guard bytesLeft >= 0 else { throw ToolError(arrivalBytesMax: limits.arrivalBytesMax) }
        switch format {
        case .json(var text):
            format = .json(ShortenedJSON(limits: limits))
            try text.append(bytes)
            format = .json(text)
            return []
        case .events(var reader):
            format = .events(ServerSentEventReader(limits: limits))
            let events = try reader.read(bytes)
            format = .events(reader)
            return try Self.messages(in: events)
        }
    }

    /// The body is over: returns what only its end completes.
    ///
    /// - Throws: ``ToolError`` `invalidAnswer` when a JSON body is none.
    mutating func finish() throws(ToolError) -> [JSONRPCMessage] {
        guard case .json(var text) = format else { return [] }
        return try JSONRPCMessage.messages(in: text.finish())
    }

    private static func messages(
        in events: [ServerSentEvent]
    ) throws(ToolError) -> [JSONRPCMessage] {
        var messages: [JSONRPCMessage] = []
        for event in events { messages += try JSONRPCMessage.messages(in: event.data) }
        return messages
    }
}
