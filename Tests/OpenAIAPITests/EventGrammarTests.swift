import Harmony
import HocketTesting
import OpenAIAPI
import Testing

/// The grammar checker must find what it is there for, or its silence means nothing.
@Suite struct EventGrammarTests {
    private static let tool = #"""
        {"model":"m","input":"x","stream":true,"tools":[{"type":"function","name":"f"}]}
        """#

    private static let server = #"""
        {"model":"m","input":"x","stream":true,"tools":[{"type":"mcp","server_label":"s",
        "require_approval":{"never":{"tool_names":["t"]}}},{"type":"function","name":"f"},
        {"type":"web_search"},{"type":"code_interpreter","container":"cntr_1"}]}
        """#

    /// A stream with an item of every kind.
    private func stream() throws -> String {
        let builtIns: Set<BuiltInTool> = [.codeInterpreter, .webSearch]
        var transcript = try Transcript(Self.server, serving: builtIns)
        let tools = ["t", "u"].map { MCPListToolsItem.Tool(name: $0, inputSchema: [:]) }
        try transcript.start(listing: ["s": tools], of: Self.server, serving: builtIns)
        transcript.machine.roundStarted(promptTokens: 70)
        transcript.say(["{", "}"], on: .commentary, to: "t", end: .call)
        transcript.say(["{}"], on: .commentary, to: "t", end: .call)
        transcript.say(["1 ", "+ 1"], on: .analysis, to: "python", end: .call)
        transcript.say(["1 / 0"], on: .analysis, to: "python", end: .call)
        transcript.say([#"{"query":"x"}"#], on: .analysis, to: "browser.search", end: .call)
        transcript.say([#"{"pattern":"y"}"#], on: .analysis, to: "browser.find", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        for _ in 0..<3 {
            transcript.machine.callFinished(.output("1"))
            transcript.machine.callFinished(.failure(.toolExecution(text: "no")))
        }
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["{}"], on: .commentary, to: "u", end: .call)
        transcript.say(["Hm", "."], on: .analysis)
        transcript.say(["I see"], on: .commentary)
        transcript.say(["{", "}"], on: .commentary, to: "f", end: .call)
        transcript.finish()
        return transcript.events
    }

    /// The stream as blocks, without the empty lines between them.
    private func blocks() throws -> [String] {
        try stream().split(separator: "\n\n").map(String.init)
    }

    private func faults(_ blocks: [String]) -> Set<GrammarFault> {
        EventGrammar.faults(in: blocks.map { $0 + "\n\n" }.joined())
    }

    @Test func findsNothingWrongWithAWholeStream() throws {
        #expect(EventGrammar.faults(in: try stream()).isEmpty)
    }

    @Test func noticesEveryMissingEvent() throws {
        let blocks = try blocks()
        for missing in blocks.indices {
            var broken = blocks
            broken.remove(at: missing)
            #expect(!faults(broken).isEmpty, "without \(blocks[missing].prefix(60))")
        }
    }

    @Test func noticesEveryMissingEventEvenIfNumbersHaveNoGap() throws {
        let blocks = try blocks()
        for missing in blocks.indices {
            var broken = blocks
            broken.remove(at: missing)
            #expect(!faults(renumbered(broken)).isEmpty, "without \(blocks[missing].prefix(60))")
        }
    }

    @Test func noticesEveryRepeatedEvent() throws {
        let blocks = try blocks()
        for index in blocks.indices {
            var broken = blocks
            broken.insert(blocks[index], at: index)
            #expect(!faults(renumbered(broken)).isEmpty, "twice \(blocks[index].prefix(60))")
        }
    }

    @Test func noticesNeighboursThatChangePlaces() throws {
        let blocks = try blocks()
        for index in blocks.indices.dropLast() {
            var broken = blocks
            broken.swapAt(index, index + 1)
            let swapped = faults(renumbered(broken))
            #expect(!swapped.isEmpty, "\(blocks[index].prefix(60)) too late")
        }
    }

    @Test(arguments: [
        ("event: response.output_text", "event: response.text", GrammarFault.eventName),
        (#""sequence_number":7"#, #""sequence_number":8"#, .sequence),
        (#""delta":"I see","logprobs":[]"#, #""delta":"I see""#, .logprobs),
        (#""phase":"commentary""#, #""phase":null"#, .null),
        (#""delta":"Hm""#, #""delta":"hm""#, .text),
        (#""delta":"Hm""#, #""delta":"""#, .text),
        (#""delta":"1 + 1""#, #""delta":"1 + 2""#, .text),
        (#""action":{"type":"search","query":"x"}"#, #""action":{"type":"search"}"#, .text),
        (#""container_id":"cntr_1"#, #""container_id":"cntr_2"#, .itemIdentity),
        (#""status":"failed","code""#, #""status":"completed","code""#, .status),
        (#""output_index":1"#, #""output_index":2"#, .itemIdentity),
        (#""content_index":0"#, #""content_index":1"#, .itemIdentity),
        (#""call_id":"call_"#, #""call_id":"call-"#, .itemIdentity),
        (#""item_id":"rs_"#, #""item_id":"r_"#, .itemIdentity),
        (#""response.reasoning_text.delta""#, #""response.reasoning.delta""#, .nesting),
        (#""status":"completed","background""#, #""status":"failed","background""#, .status),
        (#""status":"in_progress","background""#, #""status":"queued","background""#, .status),
        (#""status":"completed","summary""#, #""status":"incomplete","summary""#, .output),
        (#""usage":null"#, #""usage":{"total_tokens":0}"#, .usage),
        (#""usage":{"#, #""usage":null,"x":{"#, .usage),
        (#""sequence_number":9"#, #""error":{"message":"x"},"sequence_number":9"#, .error),
        (#""id":"resp_"#, #""id":"rsp_"#, .responseIdentity),
        ("\ndata: {", "\ndata:  {}{", .framing),
        ("data: [DONE]\n\n", "", .end),
        ("data: [DONE]\n\n", "data: [DONE]\n\ndata: [DONE]\n\n", .end),
    ])
    func noticesOneChange(from: String, to: String, fault: GrammarFault) throws {
        let stream = try stream()
        let range = try #require(stream.firstRange(of: from))
        let found = EventGrammar.faults(in: stream.replacingCharacters(in: range, with: to))
        #expect(found.contains(fault))
    }

    /// The blocks with sequence numbers counted anew.
    private func renumbered(_ blocks: [String]) -> [String] {
        var number = -1
        return blocks.map { block in
            number += 1
            return block.replacing(
                #/"sequence_number":\d+/#,
                with: "\"sequence_number\":\(number)"
            )
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
