import HocketTesting
import Testing

/// The reader by which other tests judge streams must itself refuse broken ones.
struct EventTranscriptTests {
    private static let first = event("a", 0)

    private static func event(_ type: String, _ number: Int) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":\(number)}\n\n"
    }

    @Test func readsWholeEvents() throws {
        let transcript = try EventTranscript(
            Self.first + Self.event("b", 1) + "data: [DONE]\n\n"
        )
        #expect(transcript.types == ["a", "b"])
        #expect(transcript.isDone)
    }

    @Test(arguments: [
        String(first.dropLast()),
        first + first,
        event("a", 1),
        first + "data: [DONE]\n\n" + event("b", 1),
        first + "\n\n",
        first.replacing("event: a", with: "event: b"),
        first.replacing("event: a\n", with: ""),
        first.replacing("}", with: ""),
        first.replacing("\n", with: "\r\n"),
        first + ": ping\n\n",
    ])
    func refusesBrokenStreams(_ text: String) {
        #expect(throws: EventTranscript.Fault.self) { try EventTranscript(text) }
    }
}
