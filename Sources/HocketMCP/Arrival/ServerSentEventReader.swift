import HocketEngine

/// Cuts a stream of bytes into server-sent events (WHATWG HTML §9.2.6).
///
/// Bytes may come in pieces of any size; data is shortened while it arrives, so that an event of
/// any size takes bounded memory. Events without data are not passed on, but their ids count.
struct ServerSentEventReader {
    /// Where in a line the next byte is.
    private enum Place {
        case fieldName
        /// After the colon, before the one space that may follow.
        case valueStart(Field)
        case value(Field)
        /// In a comment, or in a field that is of no interest.
        case skipped
    }

    private enum Field: String {
        case data, event, id, retry
    }

    /// The id to resume the stream from.
    private(set) var lastEventID: String?
    /// How many milliseconds the server wants a client to wait before it resumes.
    private(set) var retryMilliseconds: Int?

    private let limits: ArrivalLimits
    private var place = Place.fieldName
    private var name: [UInt8] = []
    private var value: [UInt8] = []
    private var type = ServerSentEvent.message
    private var data: ShortenedJSON
    private var hasData = false
    private var hasSeenCarriageReturn = false

    /// Longer names are those of no field; longer ids and delays are not remembered.
    private static let nameBytesMax = 5
    private static let valueBytesMax = 1024

    init(limits: ArrivalLimits) {
        self.limits = limits
        data = ShortenedJSON(limits: limits)
    }

    /// Reads the next bytes and returns the events that they complete.
    ///
    /// - Throws: ``ToolError`` `tooLarge` when an event has more data than may be kept.
    mutating func read(_ bytes: Span<UInt8>) throws(ToolError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\n"), hasSeenCarriageReturn {
                hasSeenCarriageReturn = false
                position += 1
            } else if Self.isLineEnd(byte) {
                hasSeenCarriageReturn = byte == UInt8(ascii: "\r")
                position += 1
                if let event = try endLine() { events.append(event) }
            } else {
                hasSeenCarriageReturn = false
                position += try readInLine(bytes.extracting(position..<bytes.count))
            }
        }
        return events
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}

extension ServerSentEventReader {
    /// Reads at least one byte of a line, and at most all up to its end.
    private mutating func readInLine(_ bytes: Span<UInt8>) throws(ToolError) -> Int {
        switch place {
        case .fieldName:
            readNameByte(bytes[0])
            return 1
        case .valueStart(let field):
            place = .value(field)
            if field == .data { try beginDataLine() }
            return bytes[0] == UInt8(ascii: " ") ? 1 : 0
        case .value(let field):
            let length = Self.lineLength(bytes)
            try readValue(bytes.extracting(0..<length), of: field)
            return length
        case .skipped:
            return Self.lineLength(bytes)
        }
    }

    private static func lineLength(_ bytes: Span<UInt8>) -> Int {
        for index in bytes.indices where isLineEnd(bytes[index]) { return index }
        return bytes.count
    }

    private mutating func readNameByte(_ byte: UInt8) {
        if byte == UInt8(ascii: ":") {
            place = field.map(Place.valueStart) ?? .skipped
        } else if name.count < Self.nameBytesMax {
            name.append(byte)
            dropByteOrderMark()
        } else {
            place = .skipped
        }
    }

    /// A stream may begin with one; nothing else that matters begins with it.
    private mutating func dropByteOrderMark() {
        if name == [0xEF, 0xBB, 0xBF] { name = [] }
    }

    private var field: Field? {
        Field(rawValue: String(decoding: name, as: UTF8.self))
    }

    private mutating func readValue(_ bytes: Span<UInt8>, of field: Field) throws(ToolError) {
        guard field != .data else { return try data.append(bytes) }
        for index in bytes.indices where value.count <= Self.valueBytesMax {
            value.append(bytes[index])
        }
    }

    /// Lines of data are joined by line feeds.
    private mutating func beginDataLine() throws(ToolError) {
        if hasData { try data.append([UInt8(ascii: "\n")].span) }
        hasData = true
    }

    private mutating func endLine() throws(ToolError) -> ServerSentEvent? {
        defer { (place, name, value) = (.fieldName, [], []) }
        switch place {
        case .fieldName where name.isEmpty: return dispatch()
        // A line without a colon is a field without a value.
        case .fieldName where field == .data: try beginDataLine()
        case .valueStart(.data): try beginDataLine()
        case .value(.event), .valueStart(.event): noteType()
        case .value(.id), .valueStart(.id): noteID()
        case .value(.retry): noteRetry()
        default: break
        }
        return nil
    }

    private mutating func noteType() {
        guard value.count <= Self.valueBytesMax else { return }
        type = value.isEmpty ? ServerSentEvent.message : String(decoding: value, as: UTF8.self)
    }

    /// An id with a NUL byte does not count, says the standard.
    private mutating func noteID() {
        guard value.count <= Self.valueBytesMax, !value.contains(0) else { return }
        lastEventID = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
    }

    private mutating func noteRetry() {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard value.allSatisfy(digits.contains) else { return }
        retryMilliseconds = Int(String(decoding: value, as: UTF8.self)) ?? retryMilliseconds
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer { (type, hasData) = (ServerSentEvent.message, false) }
        let bytes = data.finish()
        return bytes.isEmpty ? nil : ServerSentEvent(type: type, data: bytes)
    }
}
