import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Two turns with a call between them, for a caller that keeps only the encrypted reasoning.
@Suite(.timeLimit(.minutes(1)))
struct EncryptedReasoningTests {
    private static let tools = #""tools":[{"type":"function","name":"f"}]"#
    private static let include = #""include":["reasoning.encrypted_content"]"#
    private static let rounds = [
        Says.thought("I need f for this.") + Says.call("f", "{}"), Says.answer("Done"),
    ]

    private let bench = ServiceBench(
        rounds: Self.rounds,
        toolCaller: ScriptedToolCaller(tools: [])
    )

    private func body(input: JSONValue, _ members: String = "") -> ByteBuffer {
        ByteBuffer(
            string: """
                {"model":"gpt-oss-20b","input":\(input.compact),"store":false,\
                \(Self.include),\(Self.tools)\(members)}
                """
        )
    }

    private func firstTurn() async throws -> [JSONValue] {
        let response = try await bench.answer(body(input: "Hello"))
        return try #require(response["output"]?.array)
    }

    /// The history of the second turn.
    private func history(
        _ output: [JSONValue],
        changing change: (inout JSONObject) -> Void
    ) throws -> JSONValue {
        var reasoning = try #require(output.first?.object)
        change(&reasoning)
        let call = try #require(output.last?["call_id"])
        let result: JSONValue = [
            "type": "function_call_output", "call_id": call, "output": "42",
        ]
        let user: JSONValue = ["role": "user", "content": "Hello"]
        return .array([user, .object(reasoning)] + output.dropFirst() + [result])
    }

    @Test func promptIsTheOneOfReasoningInClear() async throws {
        let output = try await firstTurn()
        let plain = try history(output) { $0["encrypted_content"] = nil }
        let sealed = try history(output) { $0["content"] = nil }
        let without = try history(output) {
            $0["content"] = nil
            $0["encrypted_content"] = nil
        }
        for input in [plain, sealed, without] { _ = try await bench.answer(body(input: input)) }
        let prompts = bench.backend.record.requests.suffix(3).map(\.prompt)
        #expect(prompts[0] == prompts[1])
        #expect(prompts[0].count > prompts[2].count)
    }

    @Test func promptIsCountedTheSame() async throws {
        let output = try await firstTurn()
        var counts: [ByteBuffer] = []
        for key in ["content", "encrypted_content"] {
            let input = try history(output) { $0[key] = nil }
            counts.append(try await bench.service.inputTokens(body(input: input)))
        }
        #expect(counts[0] == counts[1])
    }

    @Test func itemThatCannotBeVerifiedIsNamed() async throws {
        let output = try await firstTurn()
        let changed = try history(output) { item in
            item["content"] = []
            item["id"] = "rs_other"
        }
        let refusal = try await bench.refusal(of: body(input: changed))
        #expect(refusal?.httpStatus == 400)
        #expect(refusal?.param == "input[1].encrypted_content")
        #expect(refusal?.message.contains("rs_other") == true)
    }

    @Test func anotherServiceCannotReadIt() async throws {
        let output = try await firstTurn()
        let sealed = try history(output) { $0["content"] = nil }
        let refusal = try await ServiceBench().refusal(of: body(input: sealed))
        #expect(refusal?.code == .invalidEncryptedContent)
    }

    @Test func whatIsKeptIsWhatTheCallerSent() async throws {
        let store = RecordingStore()
        let bench = ServiceBench(
            rounds: Self.rounds,
            toolCaller: ScriptedToolCaller(tools: []),
            store: store
        )
        let members = "{\"model\":\"gpt-oss-20b\",\(Self.include),\(Self.tools),"
        let first = try await bench.answer(ByteBuffer(string: members + #""input":"Hello"}"#))
        let output = try #require(first["output"]?.array)
        let sealed = try history(output) { $0["content"] = nil }
        let second = try await bench.answer(
            ByteBuffer(string: members + "\"input\":\(sealed.compact)}")
        )
        let third = try await bench.answer(
            ByteBuffer(
                string: members + """
                    "input":"And?","previous_response_id":\(second["id"]?.compact ?? "")}
                    """
            )
        )
        #expect(third["status"] == "completed")
        let id = try #require(second["id"]?.string)
        let page = try await bench.service.inputItems(of: id, ItemPage.Selection())
        let kept = try JSONValue(parsing: String(buffer: page))["data"]?.array
        let reasoning = kept?.first { $0["type"] == "reasoning" }
        #expect(reasoning?["content"] == [])
        #expect(reasoning?["encrypted_content"] == output.first?["encrypted_content"])
    }
}
