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
