import Harmony
import HocketTesting
import OpenAIAPI

/// An HTTP/1 response as it came over the wire, read without mercy (RFC 9112).
struct WireResponse: Sendable {
    /// `HTTP/1.1 200 OK`.
    var statusLine: String
    /// Names in lower case.
    var headers: [(name: String, value: String)] = []
    /// The chunks as they were sent, without the last, empty one; nil if it did not come in chunks.
    var chunks: [String]?
    /// The whole body.
    var body = ""

    struct Malformed: Error {
        let what: String
    }

    var status: Int? {
        statusLine.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// The values of a header, joined; nil if it is absent.
    subscript(name: String) -> String? {
        let values = headers.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The body as JSON.
    var json: JSONValue {
        get throws { try JSONValue(parsing: body) }
    }

    /// The body as events.
    var transcript: EventTranscript {
        get throws { try transcript(in: .openAI) }
    }

    /// The body as events of one dialect.
    func transcript(in dialect: ResponseDialect) throws -> EventTranscript {
        try EventTranscript(body, dialect: dialect)
    }

    /// Reads a response from the front of `bytes`.
    ///
    /// - Returns: the response and its length, nil if it is not all there.
    static func parse(
        _ bytes: [UInt8],
        isEnded: Bool,
        answers method: String
    ) throws -> (WireResponse, Int)? {
        var reader = WireReader(bytes)
        guard let statusLine = try reader.line() else { return nil }
        var response = WireResponse(statusLine: statusLine)
        while let line = try reader.line() {
            guard line.isEmpty else {
                try response.addHeader(line)
                continue
            }
            let isWhole = try response.readBody(&reader, isEnded: isEnded, answers: method)
            return isWhole ? (response, reader.position) : nil
        }
        return nil
    }

    private mutating func addHeader(_ line: String) throws {
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
            !line[..<colon].contains(" ")
        else { throw Malformed(what: "header \(line)") }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        headers.append((line[..<colon].lowercased(), String(value)))
    }

    private mutating func readBody(
        _ reader: inout WireReader,
        isEnded: Bool,
        answers method: String
    ) throws -> Bool {
        if method == "HEAD" || status == 204 { return true }
        switch (self["transfer-encoding"], self["content-length"]) {
        case ("chunked", nil):
            guard let chunks = try reader.chunks() else { return false }
            self.chunks = chunks
            body = chunks.joined()
        case (nil, let length?):
            guard let count = Int(length) else { throw Malformed(what: "length \(length)") }
            guard let text = try reader.text(count) else { return false }
            body = text
        case (nil, nil):
            guard isEnded else { return false }
            body = try reader.text(reader.bytesLeft) ?? ""
        case (let encoding?, _):
            throw Malformed(what: "transfer-encoding \(encoding)")
        }
        return true
    }
}
