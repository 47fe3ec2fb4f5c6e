import Harmony
import NIOCore
import OpenAIAPI
import Testing

@Suite struct ChatMachineTests {
    private static let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
    private static let usage = #""stream_options":{"include_usage":true}"#

    private func chat(_ members: String...) throws -> Transcript {
        let all = [#""model":"m""#, #""messages":[{"role":"user","content":"Hi"}]"#] + members
        return try Transcript(chat: "{\(all.joined(separator: ","))}")
    }

    private func deltas(_ transcript: Transcript) throws -> [JSONValue] {
        try transcript.data.compactMap { $0["choices"]?.array?.first?["delta"] }
    }

    @Test func streamsReasoningAndAnswer() throws {
        var transcript = try chat(#""stream":true"#, Self.usage)
        transcript.start()
        transcript.say(["The user", " greets."], on: .analysis)
        transcript.say(["Hello", ", \"you\"", "\n😀"], on: .final, end: .return)
        transcript.finish(cachedTokens: 64)
        try Golden.expect(transcript.events, in: "chat.sse")
    }

    @Test func streamsCallsByTheirNumber() throws {
        var transcript = try chat(#""stream":true"#, Self.tools)
        transcript.start()
        transcript.say(["I look"], on: .commentary)
        transcript.say(["{\"a\"", ":1}"], on: .commentary, to: "f", end: .end)
        transcript.say(["{}"], on: .commentary, to: "f", end: .call)
        transcript.finish()
        try Golden.expect(transcript.events, in: "chat-calls.sse")
    }

    @Test func joinsToTheSameTextAsTheWholeAnswer() throws {
        var contents: [String] = []
        for stream in [true, false] {
            var transcript = try chat("\"stream\":\(stream)")
            transcript.start()
            transcript.say(["a"], on: .analysis)
            transcript.say(["I see"], on: .commentary)
            transcript.say(["b"], on: .analysis)
            transcript.say(["Yes"], on: .final, end: .return)
            transcript.finish()
            let message = try transcript.response["choices"]?.array?.first?["message"]
            let parts = stream ? try deltas(transcript) : [message ?? .null]
            for key in ["content", "reasoning", "reasoning_content"] {
                contents.append(parts.compactMap { $0[key]?.string }.joined())
            }
        }
        #expect(contents[..<3] == contents[3...])
        #expect(contents[3...] == ["I see\n\nYes", "a\n\nb", "a\n\nb"])
    }

    @Test(arguments: [true, false])
    func contentIsTheJSONAloneWhereItMustBeJSON(stream: Bool) throws {
        let format = #""response_format":{"type":"json_object"}"#
        var transcript = try chat("\"stream\":\(stream)", format)
        transcript.start()
        transcript.say(["Hm"], on: .analysis)
        transcript.say(["I look"], on: .commentary)
        transcript.say(["{}"], on: .final, end: .return)
        transcript.finish()
        let message = try transcript.response["choices"]?.array?.first?["message"]
        let parts = stream ? try deltas(transcript) : [message ?? .null]
        #expect(parts.compactMap { $0["content"]?.string }.joined() == "{}")
        #expect(parts.compactMap { $0["reasoning"]?.string }.joined() == "Hm\n\nI look")
    }

    @Test func callThatIsNotTheLastThingSaidIsStillACall() throws {
        var transcript = try chat(Self.tools)
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "f", end: .end)
        transcript.say(["I wait"], on: .commentary, end: .return)
        transcript.finish()
        let choice = try transcript.response["choices"]?.array?.first
        #expect(choice?["finish_reason"] == "tool_calls")
        #expect(choice?["message"]?["tool_calls"]?.array?.count == 1)
    }

    @Test func givesTheWholeAnswerAsOneObject() throws {
        var transcript = try chat(Self.tools)
        transcript.start()
        transcript.say(["Hm"], on: .analysis)
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .call)
        transcript.finish(cachedTokens: 3)
        #expect(transcript.events.isEmpty)
        let completion = try transcript.response
        #expect(completion["object"] == "chat.completion")
        #expect(completion["id"]?.string?.hasPrefix("chatcmpl-") == true)
        let choice = try #require(completion["choices"]?.array?.first)
        #expect(choice["finish_reason"] == "tool_calls")
        #expect(choice["message"]?["content"]?.isNull == true)
        let call = try #require(choice["message"]?["tool_calls"]?.array?.first)
        #expect(call["function"] == ["name": "f", "arguments": "{}"])
        #expect(completion["usage"]?["prompt_tokens_details"] == ["cached_tokens": 3])
        #expect(completion["usage"]?["total_tokens"] == 80)
    }

    @Test func leavesCallsOutWhereThereAreNone() throws {
        var transcript = try chat(#""stream":false"#)
        transcript.start()
        transcript.say(["Yes"], on: .final, end: .return)
        transcript.finish()
        let message = try #require(
            try transcript.response["choices"]?.array?.first?["message"]?.object
        )
        #expect(message.members.map(\.key) == ["role", "content", "refusal"])
    }

    @Test func neverReportsACallThatTheLimitCutOff() throws {
        var transcript = try chat(Self.tools)
        transcript.start()
        transcript.say(["{\"a\":1}"], on: .commentary, to: "f", end: .endOfStream)
        transcript.finish(.length)
        let choice = try #require(try transcript.response["choices"]?.array?.first)
        #expect(choice["finish_reason"] == "length")
        #expect(choice["message"]?["tool_calls"] == nil)
        #expect(choice["message"]?["content"] == "")
    }

    @Test func tellsOfAFailureInAChunk() throws {
        var transcript = try chat(#""stream":true"#)
        transcript.start()
        transcript.fail("The worker was lost.")
        let error = try transcript.data.last?["error"]
        #expect(error?["message"] == "The worker was lost.")
        #expect(transcript.events.hasSuffix("data: [DONE]\n\n"))
        #expect(transcript.machine.error?.code == .serverError)
    }
}
