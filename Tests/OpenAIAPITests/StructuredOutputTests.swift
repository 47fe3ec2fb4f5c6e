import Harmony
import OpenAIAPI
import Testing

@Suite struct StructuredOutputTests {
    /// The response to a request for this format when the model answers with this text.
    private func response(_ answer: String, _ format: String) throws -> JSONValue {
        var transcript = try Transcript(
            #"{"model":"m","input":"x","text":{"format":\#(format)}}"#
        )
        transcript.start()
        transcript.say([answer], on: .final, end: .return)
        transcript.finish()
        return try transcript.response
    }

    private static let schema = #""name":"n","schema":{"required":["a"]}"#
    private static let strict = #"{"type":"json_schema",\#(schema),"strict":true}"#
    private static let loose = #"{"type":"json_schema",\#(schema)}"#

    @Test(arguments: [
        (#"{"a":1}"#, strict), (#"{"b":1}"#, loose), ("{}", #"{"type":"json_object"}"#),
        ("no JSON", #"{"type":"text"}"#),
    ])
    func isCompleteWhenItIsWhatWasAskedFor(answer: String, format: String) throws {
        #expect(try response(answer, format)["status"] == "completed")
    }

    /// The response when the model says these things, some of them on the way to its answer.
    private func response(
        to format: String,
        saying said: [(String, Harmony.Channel)]
    ) throws -> JSONValue {
        var transcript = try Transcript(
            #"{"model":"m","input":"x","text":{"format":\#(format)}}"#
        )
        transcript.start()
        for (index, (text, channel)) in said.enumerated() {
            let end: HarmonyMessageEnd = index == said.count - 1 ? .return : .end
            transcript.say([text], on: channel, end: end)
        }
        transcript.finish()
        return try transcript.response
    }

    @Test(arguments: [strict, loose, #"{"type":"json_object"}"#])
    func preambleAloneIsNoAnswer(format: String) throws {
        let preamble = try response(to: format, saying: [(#"{"a":1}"#, .commentary)])
        #expect(preamble["status"] == "failed")
        #expect(preamble["error"]?["message"]?.string?.contains("without an answer") == true)
        let said = [("I look.", Harmony.Channel.commentary), (#"{"a":1}"#, .final)]
        #expect(try response(to: format, saying: said)["status"] == "completed")
    }

    @Test func everyAnswerOfATurnIsChecked() throws {
        let said = [(#"{"b":1}"#, Harmony.Channel.final), (#"{"a":1}"#, .final)]
        let response = try response(to: Self.strict, saying: said)
        #expect(response["status"] == "failed")
        #expect(response["error"]?["message"]?.string?.contains("must have 'a'") == true)
    }

    @Test(arguments: [
        (#"{"b":1}"#, loose, true), (#"{"a":1}"#, loose, false), (#"{"a":1}"#, strict, false),
    ])
    func schemaThatIsAdviceIsLookedAt(answer: String, format: String, isViolated: Bool) throws {
        var transcript = try Transcript(
            #"{"model":"m","input":"x","text":{"format":\#(format)}}"#
        )
        transcript.start()
        transcript.say([answer], on: .final, end: .return)
        transcript.finish()
        #expect(transcript.machine.status == .completed)
        #expect((transcript.machine.adviceViolation != nil) == isViolated)
    }

    @Test(arguments: [(strict, "true"), (loose, "false")])
    func strictIsEchoedAsABoolean(format: String, strict: String) throws {
        let echo = try response("{}", format)["text"]?["format"]?["strict"]
        #expect(echo?.compact == strict)
    }

    @Test(arguments: [
        (#"{"b":1}"#, strict, "must have 'a'"), ("{", loose, "not the JSON"),
        ("[]", #"{"type":"json_object"}"#, "not a JSON object"),
    ])
    func isNeverPassedOffAsWhatItIsNot(answer: String, format: String, words: String) throws {
        let response = try response(answer, format)
        #expect(response["status"] == "failed")
        #expect(response["error"]?["message"]?.string?.contains(words) == true)
        #expect(response["output"]?.array?.count == 1)
    }
}
