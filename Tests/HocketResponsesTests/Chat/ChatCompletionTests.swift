import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChatCompletionTests {
    static func body(_ members: String = "") -> ByteBuffer {
        ByteBuffer(
            string: """
                {"model":"gpt-oss-20b","messages":[{"role":"user","content":"Hello"}]\(members)}
                """
        )
    }

    /// The chunks of a stream, which ends with `[DONE]`.
    private func chunks(
        _ members: String = "",
        of bench: ServiceBench = ServiceBench()
    ) async throws -> [JSONValue] {
        let output = bench.output()
        let body = Self.body(#","stream":true\#(members)"#)
        try await bench.send(body, for: .chatCompletions, to: output)
        #expect(ChatGrammar.faults(in: output.text).isEmpty)
        var events = output.text.split(separator: "\n\n")
        #expect(events.popLast() == "data: [DONE]")
        return try events.map { event in
            #expect(event.hasPrefix("data: "))
            return try JSONValue(parsing: String(event.dropFirst(6)))
        }
    }

    @Test func streamsChunksOfOneCompletion() async throws {
        let chunks = try await chunks()
        #expect(Set(chunks.compactMap { $0["id"]?.string }).count == 1)
        let choices = chunks.compactMap { $0["choices"]?.array?.first }
        let deltas = choices.compactMap { $0["delta"] }
        #expect(deltas.first == ["role": "assistant", "content": ""])
        #expect(deltas.compactMap { $0["content"]?.string }.joined() == ServiceBench.answerText)
        #expect(deltas.contains { $0["reasoning"] != nil })
        let reasons = choices.compactMap { $0["finish_reason"]?.string }
        #expect(reasons == ["stop"])
        #expect(chunks.allSatisfy { $0["usage"] == nil })
    }

    @Test func lastChunkTellsTheUsageIfAsked() async throws {
        let chunks = try await chunks(#","stream_options":{"include_usage":true}"#)
        let whole = try await ServiceBench().answer(Self.body(), for: .chatCompletions)
        #expect(chunks.last?["choices"] == [])
        #expect(chunks.last?["usage"] == whole["usage"])
        #expect(chunks.dropLast().allSatisfy { $0["usage"] == .null })
    }

    @Test func wholeCompletionSaysWhatTheChunksSay() async throws {
        let completion = try await ServiceBench().answer(Self.body(), for: .chatCompletions)
        #expect(completion["object"] == "chat.completion")
        #expect(completion["id"]?.string?.hasPrefix("chatcmpl-") == true)
        let choice = try #require(completion["choices"]?.array?.first)
        #expect(choice["finish_reason"] == "stop")
        #expect(choice["message"]?["content"]?.string == ServiceBench.answerText)
    }

    @Test func promptIsThatOfTheSameResponsesRequest() async throws {
        let bench = ServiceBench()
        _ = try await bench.answer(Self.body(), for: .chatCompletions)
        _ = try await bench.answer()
        let requests = bench.backend.record.requests
        #expect(requests[0].prompt == requests[1].prompt)
    }

    @Test func modelThatSaysNothingFailsTheRequest() async throws {
        let bench = ServiceBench(GenerationScript("<|channel|>analysis<|message|>Hm.<|return|>"))
        let error = await #expect(throws: APIError.self) {
            try await bench.answer(Self.body(), for: .chatCompletions)
        }
        #expect(error?.httpStatus == 500)
    }

    @Test func tooLongPromptNamesTheMessages() async throws {
        let bench = ServiceBench(
            models: [ModelDescription(name: "gpt-oss-20b", contextTokensMax: 1)]
        )
        let error = try await bench.refusal(of: Self.body(), for: .chatCompletions)
        #expect(error?.code == .contextLengthExceeded)
        #expect(error?.param == "messages")
    }

    @Test func secondChoiceIsRefused() async throws {
        let error = try await ServiceBench().refusal(
            of: Self.body(#","n":2"#),
            for: .chatCompletions
        )
        #expect(error?.httpStatus == 400)
        #expect(error?.param == "n")
    }
}
