import Harmony
import Testing

/// `hocket harmony` against the reference implementation, openai-harmony 0.0.8.
@Suite struct HarmonyCaseTests {
    @Test func encodesText() async throws {
        let cases = try await CaseFile.textEncode.answered(by: "encode")
        for (test, answer) in cases {
            #expect(answer["error"] == nil)
            for field in ["tokens", "n_tokens", "tokens_rle"] {
                #expect(answer[field] == test[field], "\(test["id"]?.string ?? "") \(field)")
            }
        }
        #expect(cases.count == 1630)
    }

    @Test func encodesTextWithSpecialTokens() async throws {
        let cases = try await CaseFile.specialEncode.answered(by: "encode")
        for (test, answer) in cases {
            #expect(answer["tokens"] == test["tokens"], "\(test["id"]?.string ?? "")")
            #expect(answer["error"]?["type"] == test["error"]?["type"])
        }
        #expect(cases.count == 124)
    }

    @Test func decodesTokens() async throws {
        let cases = try await CaseFile.decode.answered(by: "decode")
        for (test, answer) in cases {
            #expect(answer["bytes_b64"] == test["bytes_b64"], "\(test["id"]?.string ?? "")")
            #expect(answer["lossy"] == test["lossy"], "\(test["id"]?.string ?? "")")
            #expect((answer["error"] == nil) == (test["error"] == nil))
        }
        #expect(cases.count == 172)
    }

    @Test func rendersConversations() async throws {
        let cases = try await CaseFile.render.answered(by: "render", "--layout", "reference")
        for (test, answer) in cases {
            #expect(answer["tokens"] == test["tokens"], "\(test["id"]?.string ?? "")")
            #expect(answer["error"]?["type"] == test["error"]?["type"])
            // What is wrong with a JSON text is said in words of one's own.
            guard test["error"]?["type"] != "ValueError" else { continue }
            #expect(answer["error"]?["message"] == test["error"]?["message"])
        }
        #expect(cases.count == 344)
    }

    @Test func rendersCallsAsModelsWriteThem() async throws {
        let answers = try await CaseFile.render.answered(by: "render", "--layout", "native")
        let differing = answers.count { $0.answer["tokens"] != $0.test["tokens"] }
        #expect(differing > 0)
        let message: JSONValue = [
            "role": "assistant", "channel": "commentary", "recipient": "functions.f",
            "content_type": "json", "content": "{}",
        ]
        let request: JSONValue = ["op": "message", "input_json": .string(message.compact)]
        let outcome = try await HocketProcess.run(
            "harmony",
            "render",
            "--layout",
            "native",
            input: request.compact
        )
        let tokens = try #require(JSONLines.values(outcome.output).first?["tokens"]?.tokens)
        #expect(
            Tokenizer().text(of: tokens)
                == "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json"
                + "<|message|>{}<|call|>"
        )
    }
}
