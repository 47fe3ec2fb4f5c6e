import Harmony
import HocketTesting
import Testing

/// The checker of chunks must find what it is there for, or its silence means nothing.
@Suite struct ChatGrammarTests {
    /// A stream with a delta of every kind, two calls, and the usage.
    private func stream() throws -> String {
        var transcript = try Transcript(
            chat: #"""
                {"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,
                "stream_options":{"include_usage":true},
                "tools":[{"type":"function","function":{"name":"f"}}]}
                """#
        )
        transcript.start()
        transcript.say(["Hm", "."], on: .analysis)
        transcript.say(["I ", "look"], on: .commentary)
        transcript.say(["{\"a\"", ":1}"], on: .commentary, to: "f", end: .end)
        transcript.say(["{", "}"], on: .commentary, to: "f", end: .call)
        transcript.finish()
        return transcript.events
    }

    private func blocks() throws -> [String] {
        try stream().split(separator: "\n\n").map(String.init)
    }

    private func faults(_ blocks: [String], isCut: Bool = false) -> Set<ChatFault> {
        ChatGrammar.faults(in: blocks.map { $0 + "\n\n" }.joined(), isCut: isCut)
    }

    /// Whether a chunk holds a text that could as well come later, or not at all.
    private func isFree(_ block: String) -> Bool {
        ["\"content\":\"I", "\"content\":\"l", "\"reasoning\":\""].contains { block.contains($0) }
            || block.contains("\"content\":\" ")
    }

    @Test func findsNothingWrongWithAWholeStream() throws {
        #expect(ChatGrammar.faults(in: try stream()).isEmpty)
    }

    @Test func findsNothingWrongWithTheBeginningOfAStream() throws {
        let blocks = try blocks()
        for end in blocks.indices {
            #expect(faults(Array(blocks[..<end]), isCut: true).isEmpty)
            #expect(faults(Array(blocks[..<end])).contains(end == 0 ? .framing : .end))
        }
    }

    @Test func noticesEveryMissingChunkButATextOfItsOwn() throws {
        let blocks = try blocks()
        for missing in blocks.indices {
            var broken = blocks
            broken.remove(at: missing)
            let comment: Comment = "without \(blocks[missing])"
            #expect(faults(broken).isEmpty == isFree(blocks[missing]), comment)
        }
    }

    @Test func noticesEveryRepeatedChunkButATextOfItsOwn() throws {
        let blocks = try blocks()
        for index in blocks.indices {
            var broken = blocks
            broken.insert(blocks[index], at: index)
            #expect(faults(broken).isEmpty == isFree(blocks[index]), "twice \(blocks[index])")
        }
    }

    @Test(arguments: [
        ("data: {", "event: x\ndata: {", ChatFault.framing),
        ("data: {", "data:  {}{", .framing),
        (#""id":"chatcmpl-"#, #""id":"chatcmpl_"#, .identity),
        (#""created":1"#, #""created":2"#, .identity),
        (#""object":"chat.completion.chunk""#, #""object":"chat.completion""#, .identity),
        (#""choices":[{"index":0"#, #""choices":[{"index":1"#, .identity),
        (#""role":"assistant","content":"""#, #""role":"assistant""#, .role),
        (#""content":"look""#, #""content":"""#, .delta),
        (#""content":"look""#, #""role":"assistant","content":"look""#, .role),
        (#""content":"look""#, #""content":"look","reasoning":"x""#, .delta),
        (#""reasoning_content":"Hm""#, #""reasoning_content":"hm""#, .delta),
        (#"{"reasoning":"Hm","#, "{", .delta),
        (#""id":"call_"#, #""no":"call_"#, .call),
        (#""name":"f""#, #""name":"""#, .call),
        (#""tool_calls":[{"index":0"#, #""tool_calls":[{"index":1"#, .call),
        (#""arguments":":1}""#, #""arguments":":1""#, .call),
        (#""finish_reason":"tool_calls""#, #""finish_reason":"stop""#, .finish),
        (#""finish_reason":"tool_calls""#, #""finish_reason":"sung""#, .finish),
        (#""finish_reason":"tool_calls""#, #""finish_reason":null"#, .delta),
        (#""finish_reason":null"#, #""finish_reason":"stop""#, .finish),
        (#""logprobs":null,"#, "", .logprobs),
        (#","usage":null"#, "", .usage),
        (#""usage":null"#, #""usage":{"total_tokens":1}"#, .usage),
        (#""total_tokens":"#, #""total_tokens":1"#, .usage),
        ("data: [DONE]\n\n", "", .end),
        ("data: [DONE]\n\n", "data: [DONE]\n\ndata: [DONE]\n\n", .end),
        ("data: [DONE]", "data: {\"error\":{\"message\":\"x\"}}\n\ndata: [DONE]", .error),
    ])
    func noticesOneChange(from: String, to: String, fault: ChatFault) throws {
        let stream = try stream()
        let range = try #require(stream.firstRange(of: from), "\(from) is not in \(stream)")
        let found = ChatGrammar.faults(
            in: stream[..<range.lowerBound] + to + stream[range.upperBound...]
        )
        #expect(found.contains(fault), "\(found)")
    }

    @Test func anErrorIsTheLastThingThatIsTold() throws {
        let error = #"data: {"error":{"message":"It broke."}}"#
        let blocks = try blocks()
        #expect(faults([blocks[0], error, "data: [DONE]"]).isEmpty)
        #expect(faults([blocks[0], error]) == [.end])
        #expect(faults([blocks[0], error, blocks[1], "data: [DONE]"]).contains(.error))
        #expect(faults([blocks[0], error, error, "data: [DONE]"]).contains(.error))
    }
}
