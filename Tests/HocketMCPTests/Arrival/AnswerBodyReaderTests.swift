import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct AnswerBodyReaderTests {
    private let message = #"{"jsonrpc":"2.0","id":1,"result":{}}"#

    @Test(arguments: ["application/json", "application/json; charset=utf-8", "Application/JSON"])
    func readsAJSONBodyAtItsEnd(type: String) throws {
        var reader = try AnswerBodyReader(contentType: type, limits: ArrivalLimits())
        #expect(try reader.read(Array(message.utf8.prefix(9)).span) == [])
        #expect(try reader.read(Array(message.utf8.dropFirst(9)).span) == [])
        #expect(try reader.finish() == [.result(id: .integer(1), [:])])
    }

    @Test func readsAnEventStreamAsItComes() throws {
        var reader = try AnswerBodyReader(
            contentType: "text/event-stream",
            limits: ArrivalLimits()
        )
        let stream = "id: 4\nretry: 20\ndata: \(message)\n\n"
        #expect(try reader.read(Array(stream.utf8).span) == [.result(id: .integer(1), [:])])
        #expect(reader.lastEventID == "4")
        #expect(reader.retryMilliseconds == 20)
        #expect(try reader.finish() == [])
    }

    @Test(arguments: [nil, "", "text/html", "application/jsonp", "text/event-streams"])
    func refusesOtherTypes(type: String?) {
        #expect(throws: ToolError.self) {
            try AnswerBodyReader(contentType: type, limits: ArrivalLimits())
        }
    }

    @Test(arguments: ["application/json", "text/event-stream"])
    func endsABodyThatNeverEnds(type: String) throws {
        let limits = ArrivalLimits(arrivalBytesMax: 1000)
        var reader = try AnswerBodyReader(contentType: type, limits: limits)
        let piece = Array(": \"aaaaaaa\n".utf8)
        for _ in 0..<90 { _ = try reader.read(piece.span) }
        #expect {
            _ = try reader.read(piece.span)
        } throws: { error in
            (error as? ToolError)?.code == .tooLarge
        }
    }

    @Test func refusesAnEventThatIsNoMessage() throws {
        var reader = try AnswerBodyReader(
            contentType: "text/event-stream",
            limits: ArrivalLimits()
        )
        #expect(throws: ToolError.self) { try reader.read(Array("data: no\n\n".utf8).span) }
    }
}
