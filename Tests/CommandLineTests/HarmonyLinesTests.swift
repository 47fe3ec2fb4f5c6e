import Foundation
import Harmony
import Testing

/// How `hocket harmony` treats its input and its output.
@Suite struct HarmonyLinesTests {
    @Test func goesOnAfterBadLines() async throws {
        let outcome = try await HocketProcess.run(
            "harmony",
            "decode",
            input: """
                not json

                [13225]
                {"id":"a","tokens":[13225,"x"]}
                {"id":"b"}
                {"id":"c","tokens":[300000]}
                {"id":null,"tokens":[13225],"unknown":1}
                """
        )
        #expect(outcome.succeeded)
        let answers = try JSONLines.values(outcome.output)
        #expect(answers.map { $0["line"]?.integer } == [1, 3, 4, 5, 6, nil])
        #expect(answers.map { $0["id"] } == [nil, nil, "a", "b", "c", .null])
        #expect(
            answers.map { $0["error"]?["type"]?.string } == [
                "ValueError", "ValueError", "ValueError", "ValueError", "HarmonyError", nil,
            ]
        )
        #expect(answers[2]["error"]?["message"] == "'tokens[1]' is not a token id")
        #expect(answers[5]["lossy"] == "Hello")
    }

    @Test(
        arguments: [
            #"{"op":"conversation"}"#: "'input_json' is missing",
            #"{"op":"sing","input_json":"{}"}"#: "unknown op: sing",
            #"{"op":"completion","next_role":"critic","input_json":"{}"}"#: "unknown role: critic",
            #"{"input_json":"{"}"#:
                "invalid JSON in 'input_json': expected a key, but the text ends at byte 1",
            #"{"input_json":"{}"}"#:
                "invalid conversation JSON: the field 'messages' is missing",
        ]
    ) func saysWhatIsWrongWithARequest(input: String, message: String) async throws {
        let outcome = try await HocketProcess.run("harmony", "render", input: input)
        let answer = try #require(JSONLines.values(outcome.output).first)
        #expect(answer["error"] == ["type": "ValueError", "message": .string(message)])
    }

    @Test(
        arguments: [
            #"{"rep":{"unit":"ab","count":-1}}"#, #"{"rep":{"unit":"ab","count":99999999999}}"#,
            #"{"rep":{"unit":"ab","count":9223372036854775807}}"#,
            #"{"rep":{"unit":"","count":9223372036854775807}}"#, #"{"rep":{"count":1}}"#,
            #"{"rep":1}"#, #"{"text":"x","allowed":"some"}"#,
            #"{"text":"x","disallowed":["<|nope|>"]}"#,
        ]
    ) func refusesToEncodeWhatMakesNoSense(input: String) async throws {
        let outcome = try await HocketProcess.run("harmony", "encode", input: input)
        #expect(outcome.succeeded)
        let answer = try #require(JSONLines.values(outcome.output).first)
        #expect(answer["error"]?["type"] == "ValueError")
    }

    @Test func readsALineLongerThanAnyBuffer() async throws {
        let text = String(repeating: "lighthouse ", count: 100_000)
        let request: JSONValue = ["text": .string(text)]
        let line = request.compact + "\n"
        let outcome = try await HocketProcess.run("harmony", "encode", input: line)
        let answers = try JSONLines.values(outcome.output)
        #expect(answers.count == 1)
        #expect(answers.first?["tokens"]?.tokens == Tokenizer().encode(text))
    }

    @Test func endsWithoutAnswersForNoInput() async throws {
        let outcome = try await HocketProcess.run("harmony", "parse", input: "")
        #expect(outcome.succeeded)
        #expect(outcome.output.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func answersBeforeTheNextRequest() throws {
        let process = try HocketProcess.prepared(["harmony", "encode"])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for number in 1...3 {
            let request = "{\"id\":\(number),\"text\":\"Hello\"}\n"
            try input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
            let answer = try JSONLines.values(output.fileHandleForReading.availableData)
            #expect(answer == [["id": JSONValue(integerLiteral: number), "tokens": [13225]]])
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test(.timeLimit(.minutes(1))) func succeedsWhenNobodyReadsTheAnswers() throws {
        let process = try HocketProcess.prepared(["harmony", "encode"])
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try output.fileHandleForReading.close()
        try input.fileHandleForWriting.write(contentsOf: Data("{\"text\":\"Hello\"}\n".utf8))
        // The input stays open: the answer that cannot be written ends the process.
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }
}
