import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// What a process left unfinished, wherever it died, the next one ends.
@Suite(.timeLimit(.minutes(1)))
struct InterruptedResponseTests {
    private static let call = """
        <|channel|>analysis<|message|>Call.<|end|><|start|>assistant<|channel|>commentary \
        to=functions.f <|constrain|>json<|message|>{"a":1}<|call|>
        """
    private static let tools = #","tools":[{"type":"function","name":"f","parameters":{}}]"#

    private static let servers = #","tools":[\#(ToolRoundTests.server)]"#

    @Test(
        arguments: [
            ([ServiceBench.answer], ""), ([call], tools),
            ([Says.call("add", #"{"a":1}"#), Says.answer("Done")], servers),
        ],
        [ResponseDialect.openAI, .openResponses]
    )
    func everyCutIsEnded(_ said: ([String], String), _ dialect: ResponseDialect) async throws {
        let (rounds, members) = said
        let log = try await log(of: rounds, members, in: dialect)
        for count in 2..<log.count {
            // What a server answered is in the event that follows, in one write with this one.
            let last = String(decoding: log[count - 1], as: UTF8.self)
            let neverLast = ["response.mcp_call.completed", "response.mcp_list_tools.completed"]
            if neverLast.contains(where: { last.hasPrefix("event: \($0)") }) { continue }
            let store = RecordingStore()
            let events = log.part(from: 0, bytesMax: log.ends[count - 1])
            try await store.insert(unfinished(in: log, dialect), events: events)
            let backend = ServiceBench.backend(rounds: rounds)
            try await BackgroundBench.run(backend, store: store) { bench in
                let text = try await bench.text(of: "resp_1")
                #expect(text.hasPrefix(String(decoding: events.bytes, as: UTF8.self)))
                let transcript = try EventTranscript(text, dialect: dialect)
                try expectWhole(transcript)
                let hasError = transcript.types.suffix(2) == ["error", "response.failed"]
                #expect(hasError == (dialect == .openResponses))
                #expect(try await bench.stored("resp_1") == transcript.finalResponse)
            }
        }
    }

    @Test func responseWithoutEventsIsEnded() async throws {
        let store = RecordingStore()
        let log = try await log(of: [ServiceBench.answer])
        try await store.insert(unfinished(in: log), events: .empty)
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend, store: store) { bench in
            let stored = try await bench.stored("resp_1")
            #expect(stored["status"] == "failed")
            #expect(stored["error"]?["code"] == "server_error")
        }
    }

    /// The whole log of a response.
    private func log(
        of rounds: [String],
        _ members: String = "",
        in dialect: ResponseDialect = .openAI
    ) async throws -> EventRun {
        let store = RecordingStore()
        let backend = ServiceBench.backend(rounds: rounds)
        let tools = ScriptedToolCaller(tools: ["add"])
        var log = EventRun.empty
        try await BackgroundBench.run(backend, store: store, toolCaller: tools) { bench in
            let (told, _) = try await bench.begin(BackgroundBench.body(members), in: dialect)
            let id = try #require(told["id"]?.string)
            _ = try await bench.text(of: id)
            log = try await store.events(of: id, from: 0, bytesMax: .max)
        }
        return log
    }

    private func unfinished(
        in log: EventRun,
        _ dialect: ResponseDialect = .openAI
    ) throws -> StoredResponse {
        let created = try EventTranscript(String(decoding: log[0], as: UTF8.self)).events[0]
        let object = try #require(created.data["response"])
        return StoredResponse(
            id: "resp_1",
            createdAt: 0,
            dialect: dialect.rawValue,
            inputItems: Array("[]".utf8),
            state: ResponseState(
                status: "in_progress",
                isFinished: false,
                updatedAt: 0,
                object: Array(object.compact.utf8)
            )
        )
    }

    /// Every item that was begun is done, as it was begun, and in the final response.
    private func expectWhole(_ transcript: EventTranscript) throws {
        let final = try #require(transcript.finalResponse)
        #expect(transcript.types.last == "response.failed")
        #expect(final["status"] == "failed")
        #expect(final["error"]?["code"] == "server_error")
        let added = transcript.events("response.output_item.added").map { $0["item"]?["id"] }
        let done = transcript.events("response.output_item.done").compactMap { $0["item"] }
        #expect(done.map { $0["id"] } == added)
        #expect(final["output"] == .array(done))
        let parts = transcript.events("response.content_part.added").count
        #expect(transcript.events("response.content_part.done").count == parts)
        let names = ["reasoning_text", "reasoning", "output_text"].map { "response.\($0).done" }
        let texts = transcript.events.filter { names.contains($0.type) }
        let message = done.flatMap { $0["content"]?.array ?? [] }.compactMap { $0["text"] }
        #expect(texts.map { $0.data["text"] } == message)
    }
}
