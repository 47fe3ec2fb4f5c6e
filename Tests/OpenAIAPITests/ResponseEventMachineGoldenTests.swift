import Harmony
import OpenAIAPI
import Testing

/// Whole streams with fixed ids and times, byte for byte.
@Suite struct ResponseEventMachineGoldenTests {
    private static let weather = #"""
        {"model":"gpt-oss-20b","input":"Weather in Bern?","stream":true,"tools":[{
        "type":"function","name":"get_weather","description":"Tells the weather.",
        "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]}
        """#

    private static let custom = #"""
        {"model":"gpt-oss-20b","input":"Patch it.","stream":true,"tools":[{"type":"namespace",
        "name":"edit","description":"Edits.","tools":[{"type":"custom","name":"apply_patch"}]}]}
        """#

    @Test func streamsReasoningAndAnswer() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["The user", " greets."], on: .analysis)
        transcript.say(["Hello", ", \"you\"", "\n😀"], on: .final, end: .return)
        transcript.finish(cachedTokens: 64)
        try Golden.expect(transcript.events, in: "reasoning-and-answer.sse")
    }

    @Test func streamsReasoningInTheOpenResponsesDialect() throws {
        var transcript = try Transcript(dialect: .openResponses)
        transcript.start()
        transcript.say(["Hm."], on: .analysis)
        transcript.say(["Hello"], on: .final, end: .return)
        transcript.finish()
        try Golden.expect(transcript.events, in: "open-responses.sse")
    }

    @Test func streamsAPreambleAndAFunctionCall() throws {
        var transcript = try Transcript(Self.weather)
        transcript.start()
        transcript.say(["I need the weather."], on: .analysis)
        transcript.say(["I look", " it up."], on: .commentary)
        transcript.say(
            ["{\"city\"", ":\"Bern\"}"],
            on: .commentary,
            to: "functions.get_weather",
            end: .call
        )
        transcript.finish()
        try Golden.expect(transcript.events, in: "function-call.sse")
    }

    @Test func givesACustomToolItsTextInOnePiece() throws {
        var transcript = try Transcript(Self.custom)
        transcript.start()
        transcript.say(
            [#"{"input":"*** "#, #"Begin\nPatch"}"#],
            on: .commentary,
            to: "functions.edit__apply_patch",
            end: .call
        )
        transcript.finish()
        try Golden.expect(transcript.events, in: "custom-tool-call.sse")
    }

    @Test func closesAnAnswerThatTheLimitCutOff() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["Once", " upon"], on: .final, end: .endOfStream)
        transcript.finish(.length)
        try Golden.expect(transcript.events, in: "incomplete.sse")
    }

    @Test func closesWhatIsOpenWhenTheWorkerIsLost() throws {
        var transcript = try Transcript(dialect: .openResponses)
        transcript.start()
        transcript.machine.messageStarted(HarmonyHeader(role: .assistant, channel: .final))
        transcript.machine.textReceived("Hel".utf8.span)
        transcript.fail("The worker was lost.")
        try Golden.expect(transcript.events, in: "failed.sse")
    }

    @Test func startsABackgroundResponseAsQueued() throws {
        var transcript = try Transcript(
            #"{"model":"gpt-oss-20b","input":"Hello","background":true,"stream":true}"#
        )
        transcript.machine.responseQueued()
        transcript.start()
        transcript.say(["Hello"], on: .final, end: .return)
        transcript.finish()
        try Golden.expect(transcript.events, in: "background.sse")
    }
}
