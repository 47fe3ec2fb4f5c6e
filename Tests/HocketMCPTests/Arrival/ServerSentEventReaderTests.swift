import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ServerSentEventReaderTests {
    /// Streams and the data of their events (WHATWG HTML §9.2.6 has some of them).
    static let streams: [(stream: String, data: [String])] = [
        ("data: a\n\n", ["a"]),
        ("data:a\n\ndata:  b\n\n", ["a", " b"]),
        ("data: a\r\ndata: b\r\n\r\n", ["a\nb"]),
        ("data: a\rdata: b\r\r", ["a\nb"]),
        ("\u{FEFF}data: a\n\n", ["a"]),
        (": comment\n\ndata: a\n\n: another\n\n", ["a"]),
        ("event: message\nid: 7\ndata: a\n\n", ["a"]),
        ("data\n\n", []),
        ("data:\ndata:\n\n", ["\n"]),
        ("data: {\"a\":\ndata: 1}\n\n", ["{\"a\":\n1}"]),
        ("id: 1\ndata:\n\n", []),
        ("data: unfinished\n", []),
        ("dat: a\ndataa: b\nDATA: c\n\n", []),
        ("\n\n\ndata: a\n\n\n\n", ["a"]),
        ("data: a: b\n\n", ["a: b"]),
        ("averylongfieldname: data: x\ndata: a\n\n", ["a"]),
    ]

    private func read(_ stream: String, cutAt cut: Int) throws -> [ServerSentEvent] {
        let bytes = Array(stream.utf8)
        var reader = ServerSentEventReader(limits: ArrivalLimits())
        return try reader.read(Array(bytes[..<cut]).span) + reader.read(Array(bytes[cut...]).span)
    }

    @Test(arguments: streams)
    func readsEventsWhereverTheirBytesAreCut(stream: String, data: [String]) throws {
        for cut in 0...stream.utf8.count {
            let events = try read(stream, cutAt: cut)
            #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == data)
        }
    }

    @Test(arguments: streams)
    func readsEventsByteByByte(stream: String, data: [String]) throws {
        var reader = ServerSentEventReader(limits: ArrivalLimits())
        var events: [ServerSentEvent] = []
        for byte in stream.utf8 { events += try reader.read([byte].span) }
        #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == data)
    }

    @Test func tellsTheTypesOfEvents() throws {
        let stream =
            "event: endpoint\ndata: /m\n\ndata: a\n\nevent:x\ndata: b\n\nevent: y\n\ndata: c\n\n"
        for cut in 0...stream.utf8.count {
            let events = try read(stream, cutAt: cut)
            #expect(events.map(\.type) == ["endpoint", "message", "x", "message"])
        }
    }

    @Test func remembersTheLastIDAndTheDelay() throws {
        var reader = ServerSentEventReader(limits: ArrivalLimits())
        #expect(try reader.read(Array("id: a\nretry: 1500\ndata:\n\n".utf8).span) == [])
        #expect(reader.lastEventID == "a")
        #expect(reader.retryMilliseconds == 1500)
        _ = try reader.read(Array("data: x\n\n".utf8).span)
        #expect(reader.lastEventID == "a")
        _ = try reader.read(Array("id: b\nretry: soon\ndata: y\n\n".utf8).span)
        #expect(reader.lastEventID == "b")
        #expect(reader.retryMilliseconds == 1500)
        _ = try reader.read(Array("id: c\u{0}d\nid\n\n".utf8).span)
        #expect(reader.lastEventID == "b")
    }

    @Test func boundsIDsAndDelays() throws {
        var reader = ServerSentEventReader(limits: ArrivalLimits())
        let long = String(repeating: "9", count: 100_000)
        _ = try reader.read(Array("id: \(long)\nretry: \(long)\n\n".utf8).span)
        #expect(reader.lastEventID == nil)
        #expect(reader.retryMilliseconds == nil)
    }

    @Test func shortensDataWhileItArrives() throws {
        let limits = ArrivalLimits(messageBytesMax: 4096, stringHalfBytesMax: 100)
        var reader = ServerSentEventReader(limits: limits)
        _ = try reader.read(Array("data: {\"a\":\"".utf8).span)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
        for _ in 0..<100 { _ = try reader.read(piece.span) }
        let events = try reader.read(Array("\"}\n\n".utf8).span)
        #expect(events.count == 1)
        #expect(events[0].data.count < 500)
    }
}
