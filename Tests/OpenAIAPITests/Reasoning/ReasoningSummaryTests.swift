import Harmony
import OpenAIAPI
import Testing

/// A summary is told when it is asked for: the reasoning itself, since the model makes no other.
@Suite struct ReasoningSummaryTests {
    private static let thought = ["First ", "things.", "\n\n", "Then\nmore."]

    private func transcript(
        _ summary: String,
        dialect: ResponseDialect = .openAI
    ) throws -> Transcript {
        let body = """
            {"model":"gpt-oss-20b","input":"Hello","stream":true,"reasoning":{\(summary)}}
            """
        var transcript = try Transcript(body, dialect: dialect)
        transcript.start()
        transcript.say(Self.thought, on: .analysis)
        transcript.say(["Hello"], on: .final)
        transcript.finish()
        return transcript
    }

    @Test(arguments: [ResponseDialect.openAI, .openResponses])
    func comesBehindTheReasoningInPartsOfItsOwn(dialect: ResponseDialect) throws {
        let transcript = try transcript(#""summary":"auto""#, dialect: dialect)
        let types = transcript.types.filter { $0.contains("summary") }
        let text = "response.reasoning_summary_text"
        #expect(
            types == ["response.reasoning_summary_part.added"]
                + Array(repeating: "\(text).delta", count: 4)
                + ["\(text).done", "response.reasoning_summary_part.done"]
        )
        let last = try #require(transcript.types.lastIndex { $0.contains("summary") })
        #expect(transcript.types[last + 1] == "response.output_item.done")
    }

    @Test(arguments: [
        (#""summary":"auto""#, "First things.\n\nThen\nmore."),
        (#""summary":"detailed""#, "First things.\n\nThen\nmore."),
        (#""summary":"concise""#, "First things."),
        (#""generate_summary":"concise""#, "First things."),
    ])
    func isTheReasoningOrItsFirstParagraph(summary: String, text: String) throws {
        let transcript = try transcript(summary)
        let item = try transcript.response["output"]?.array?.first
        #expect(item?["summary"] == [["type": "summary_text", "text": .string(text)]])
        #expect(item?["content"]?.array?.first?["text"] == "First things.\n\nThen\nmore.")
    }

    @Test(arguments: ["", #""summary":null"#])
    func isNotThereUnasked(summary: String) throws {
        let transcript = try transcript(summary)
        #expect(!transcript.types.contains { $0.contains("summary") })
        #expect(try transcript.response["output"]?.array?.first?["summary"] == [])
    }

    @Test func ofReasoningThatWasCutIsWhatThereIs() throws {
        var transcript = try Transcript(
            """
            {"model":"gpt-oss-20b","input":"Hello","stream":true,"reasoning":{"summary":"auto"}}
            """
        )
        transcript.start()
        transcript.say(["Fir"], on: .analysis, end: .endOfStream)
        transcript.finish(.length)
        let item = try transcript.response["output"]?.array?.first
        #expect(item?["status"] == "incomplete")
        #expect(item?["summary"]?.array?.first?["text"] == "Fir")
    }

    @Test func isPaddedAsOtherDeltasAre() throws {
        var transcript = try Transcript(
            """
            {"model":"gpt-oss-20b","input":"Hello","stream":true,"reasoning":{"summary":"auto"},\
            "stream_options":{"include_obfuscation":true}}
            """
        )
        transcript.start()
        transcript.say(["Hm"], on: .analysis)
        transcript.say(["Hello"], on: .final)
        transcript.finish()
        let delta = try transcript.data.first {
            $0["type"] == "response.reasoning_summary_text.delta"
        }
        #expect(delta?["obfuscation"]?.string?.utf8.count == 14)
    }
}
