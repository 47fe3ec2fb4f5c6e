import HocketTesting
import Testing

/// The reader by which other tests judge streams must itself refuse broken ones.
struct EventTranscriptTests {
    private static let first = event("response.created", 0)
    private static let second = event("response.in_progress", 1)
    private static let last = event(
        "response.completed",
        2,
        status: "completed",
        usage: #"{"input_tokens":1,"output_tokens":1,"total_tokens":2}"#
    )
    private static let done = "data: [DONE]\n\n"

    private static func event(
        _ type: String,
        _ number: Int,
        status: String = "in_progress",
        usage: String = "null"
    ) -> String {
        """
        event: \(type)
        data: {"type":"\(type)","sequence_number":\(number),"response":{"id":"resp_1",\
        "status":"\(status)","output":[],"usage":\(usage),"error":null,\
        "incomplete_details":null}}


        """
    }

    @Test func readsWholeEvents() throws {
        let transcript = try EventTranscript(Self.first + Self.second + Self.last + Self.done)
        #expect(
            transcript.types == ["response.created", "response.in_progress", "response.completed"]
        )
        #expect(transcript.isDone)
    }

    @Test(arguments: ["", first, first + second, first + second + last])
    func readsTheBeginningOfAStream(_ text: String) throws {
        #expect(try !EventTranscript(text).isDone)
    }

    @Test(arguments: [
        String(first.dropLast()),
        first + first,
        second,
        event("response.created", 1),
        first + last.replacing(":2,", with: ":1,"),
        first + second + done,
        first + second + last + done + done,
        first + second + last + done + first,
        first + second + last + event("response.failed", 3),
        first + "\n\n",
        first.replacing("event: response.created", with: "event: response.queued"),
        first.replacing("event: response.created\n", with: ""),
        first.replacing("}}", with: "}"),
        first.replacing("\n", with: "\r\n"),
        first + ": ping\n\n",
    ])
    func refusesBrokenStreams(_ text: String) {
        #expect(throws: EventTranscript.Fault.self) { try EventTranscript(text) }
    }
}
