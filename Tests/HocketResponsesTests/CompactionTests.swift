import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// A conversation is summed up by the model, and goes on from what only this server can read.
@Suite(.timeLimit(.minutes(1)))
struct CompactionTests {
    private static let summary = "They greeted, and agreed on 42."
    private static let input: JSONValue = [
        ["role": "user", "content": "Hello"],
        ["role": "assistant", "content": "Hi"],
        ["role": "user", "content": "42?"],
    ]

    private let store = RecordingStore()
    private let bench: ServiceBench

    init() {
        bench = ServiceBench(
            rounds: [Says.thought("Short.") + Says.answer(Self.summary), Says.answer("Done")],
            toolCaller: ScriptedToolCaller(tools: []),
            store: store
        )
    }

    private func body(_ members: String) -> ByteBuffer {
        ByteBuffer(string: #"{"model":"gpt-oss-20b",\#(members)}"#)
    }

    private func compaction(
        _ members: String = #""input":\#(Self.input.compact)"#
    ) async throws -> JSONValue {
        try await bench.answer(body(members), for: .compactions)
    }

    private func lastPrompt() throws -> String {
        let request = try #require(bench.backend.record.requests.last)
        return String(decoding: try Tokenizer().decode(request.prompt), as: UTF8.self)
    }

    @Test func isWhatUsersSaidAndASealedSummary() async throws {
        let compaction = try await compaction()
        #expect(compaction["object"] == "response.compaction")
        #expect(compaction["id"]?.string?.hasPrefix("resp_") == true)
        #expect(compaction["created_at"]?.integer != nil)
        #expect(compaction["usage"]?["output_tokens"]?.integer ?? 0 > 0)
        let output = try #require(compaction["output"]?.array)
        #expect(output.map { $0["type"] } == ["message", "message", "compaction"])
        #expect(output.map { $0["role"] } == ["user", "user", nil])
        #expect(output.allSatisfy { $0["id"]?.string != nil })
        #expect(output[2]["id"]?.string?.hasPrefix("cmp_") == true)
        #expect(output[2]["encrypted_content"]?.string != nil)
        #expect(!compaction.compact.contains(Self.summary))
    }

    @Test func modelIsAskedAfterEverythingSaid() async throws {
        _ = try await compaction()
        let prompt = try lastPrompt()
        let places = ["Hello", "Hi<|", "42?", "summary of it"].compactMap {
            prompt.firstRange(of: $0)?.lowerBound
        }
        #expect(places.count == 4)
        #expect(places == places.sorted())
    }

    @Test(arguments: [true, false])
    func conversationGoesOnFromIt(keepingTheID: Bool) async throws {
        var output = try #require(try await compaction()["output"]?.array)
        if !keepingTheID {
            var item = try #require(output[2].object)
            item["id"] = nil
            output[2] = .object(item)
        }
        let input: JSONValue = .array(output + [["role": "user", "content": "And now?"]])
        let response = try await bench.answer(body("\"input\":\(input.compact)"))
        #expect(response["status"] == "completed")
        let prompt = try lastPrompt()
        let summary = try #require(prompt.firstRange(of: Self.summary))
        let question = try #require(prompt.firstRange(of: "And now?"))
        #expect(summary.upperBound < question.lowerBound)
        #expect(!prompt.contains("Hi<|"))
    }

    @Test func keptResponsesAreSummedUpToo() async throws {
        let bench = ServiceBench(
            rounds: [Says.answer("First"), Says.answer(Self.summary)],
            toolCaller: ScriptedToolCaller(tools: []),
            store: store
        )
        let first = try await bench.answer(body(#""input":"Hello""#))
        let id = try #require(first["id"]?.compact)
        let compaction = try await bench.answer(
            body(#""previous_response_id":\#(id)"#),
            for: .compactions
        )
        let output = try #require(compaction["output"]?.array)
        #expect(output.map { $0["type"] } == ["message", "compaction"])
        #expect(output[0]["content"]?.array?.first?["text"] == "Hello")
        // A compaction is not kept here.
        #expect(try await store.responses.count == 1)
    }

    @Test func changedSummaryIsRefused() async throws {
        let item: JSONValue = ["type": "compaction", "id": "cmp_1", "encrypted_content": "AQID"]
        let refusal = try await bench.refusal(of: body("\"input\":[\(item.compact)]"))
        #expect(refusal?.httpStatus == 400)
        #expect(refusal?.code == .invalidEncryptedContent)
        #expect(refusal?.param == "input[0].encrypted_content")
    }

    @Test func reasoningCannotBePassedOffAsOne() async throws {
        let reasoning = try await bench.answer(
            body(#""input":"Hello","include":["reasoning.encrypted_content"]"#)
        )
        let sealed = try #require(
            reasoning["output"]?.array?.first?["encrypted_content"]?.compact
        )
        let refusal = try await bench.refusal(
            of: body(#""input":[{"type":"compaction","encrypted_content":\#(sealed)}]"#)
        )
        #expect(refusal?.code == .invalidEncryptedContent)
    }

    @Test func summaryThatWasCutOffIsNone() async throws {
        let half = "<|channel|>final<|message|>Half"
        let bench = ServiceBench(GenerationScript(half, end: .finish(.length)))
        await #expect(throws: APIError.self) {
            _ = try await bench.answer(
                body(#""input":\#(Self.input.compact)"#),
                for: .compactions
            )
        }
    }

    @Test func modelIsNeeded() async throws {
        let refusal = try await bench.refusal(
            of: ByteBuffer(string: #"{"input":"Hello"}"#),
            for: .compactions
        )
        #expect(refusal?.httpStatus == 400)
        #expect(refusal?.param == "model")
    }
}
