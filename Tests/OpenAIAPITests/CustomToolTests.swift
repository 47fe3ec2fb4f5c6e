import Harmony
import OpenAIAPI
import Testing

@Suite struct CustomToolTests {
    private static let tool = #"""
        {"model":"m","input":"x","stream":true,"tools":[{"type":"custom","name":"c"}]}
        """#

    /// The item of a call whose arguments are these pieces.
    private func item(
        _ pieces: [String],
        _ end: HarmonyMessageEnd = .call,
        _ roundEnd: ResponseEventMachine.RoundEnd = .stop
    ) throws -> JSONValue {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say(pieces, on: .commentary, to: "functions.c", end: end)
        transcript.finish(roundEnd)
        return try #require(try transcript.response["output"]?.array?.first)
    }

    @Test(arguments: [
        ([#"{"input":"a\n"#, #"b"}"#], "a\nb"),
        ([#""just text""#], "just text"),
        (["print(1)"], "print(1)"),
        ([#"{"code":"x"}"#], #"{"code":"x"}"#),
        ([], ""),
    ])
    func isGivenTheTextInTheArguments(pieces: [String], input: String) throws {
        let item = try item(pieces)
        #expect(item["type"] == "custom_tool_call")
        #expect(item["id"]?.string?.hasPrefix("ctc_") == true)
        #expect(item["input"]?.string == input)
        #expect(item["status"] == "completed")
    }

    @Test func itsTextIsPaddedWhereOtherDeltasAre() throws {
        var transcript = try Transcript(
            #"{"model":"m","input":"x","stream":true,"#
                + #""stream_options":{"include_obfuscation":true},"#
                + #""tools":[{"type":"custom","name":"c"}]}"#
        )
        transcript.start()
        transcript.say([#"{"input":"abc"}"#], on: .commentary, to: "functions.c", end: .call)
        transcript.finish()
        let delta = try transcript.data.first { $0["delta"] != nil }
        #expect(delta?["delta"] == "abc")
        #expect(delta?["obfuscation"]?.string?.utf8.count == 13)
    }

    @Test func isNotCalledWithTextThatTheLimitCutOff() throws {
        let item = try item([#"{"input":"rm "#], .endOfStream, .length)
        #expect(item["status"] == "incomplete")
    }
}
