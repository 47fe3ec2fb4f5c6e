import Harmony
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Calls that the server makes, from the list of tools to the answer.
@Suite struct MCPMachineTests {
    private static let two = #"""
        {"model":"gpt-oss-20b","input":"Sum?","stream":true,"tools":[
        {"type":"mcp","server_label":"one","server_url":"https://one.example/mcp",
        "require_approval":"never"},
        {"type":"mcp","server_label":"two","server_url":"https://two.example/mcp",
        "require_approval":{"never":{"tool_names":["add"]}}}]}
        """#
    private static let tools = ["one", "two"].reduce(into: [:]) { tools, label in
        tools[label] = ["add", "erase"].map {
            MCPListToolsItem.Tool(name: $0, inputSchema: ["type": "object"])
        }
    }

    private func started(_ body: String = Self.two) throws -> Transcript {
        var transcript = try Transcript(body)
        try transcript.start(listing: Self.tools, of: body)
        transcript.machine.roundStarted(promptTokens: 70, callsMax: 8)
        return transcript
    }

    @Test func streamsARoundOfCallsAndTheAnswer() throws {
        var transcript = try Transcript(Self.two)
        transcript.machine.responseStarted()
        transcript.machine.listingStarted("one")
        transcript.machine.listingFinished(Self.tools["one"] ?? [])
        transcript.machine.listingStarted("two")
        transcript.machine.listingFailed("the server did not answer")
        transcript.machine.toolsOffered(
            ToolCatalog(
                try ResponsesRequest(body: ByteBuffer(string: Self.two)),
                listings: ["one": Self.tools["one"] ?? []]
            )
        )
        transcript.machine.roundStarted(promptTokens: 70)
        transcript.say(["I add."], on: .analysis)
        transcript.say([#"{"a":"#, "1}"], on: .commentary, to: "functions.add", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("2"))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["2"], on: .final, end: .return)
        transcript.finish(cachedTokens: 64)
        try Golden.expect(transcript.events, in: "mcp-call.sse")
    }

    @Test func finishesCallsOfOneRoundInTheirOrder() throws {
        var transcript = try started()
        transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        transcript.say([], on: .commentary, to: "functions.two__add", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.roundSummary == .init(heldCalls: 2))
        #expect(transcript.machine.heldCalls.map(\.text) == ["{}", "{}"])
        #expect(
            transcript.machine.heldCalls.map(\.route) == [
                .mcp(MCPToolName("add", at: "one")), .mcp(MCPToolName("add", at: "two")),
            ]
        )
        transcript.machine.callFinished(.output("1"))
        transcript.machine.callFinished(.failure(.protocol(code: -32000, message: "lost")))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Done"], on: .final, end: .return)
        transcript.finish()
        let output = try transcript.response["output"]?.array ?? []
        #expect(
            output.map { $0["status"]?.string } == [nil, nil, "completed", "failed", "completed"]
        )
        #expect(output[2]["output"] == "1")
        #expect(output[3]["error"]?["message"] == "lost")
        #expect(output[3]["output"]?.isNull == true)
    }

    @Test func tellsWhatCameAfterACallWhenThatIsFinished() throws {
        var transcript = try started()
        transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        let types = transcript.types
        transcript.say(["Hm", "."], on: .analysis)
        transcript.say(["{", "}"], on: .commentary, to: "functions.two__add", end: .call)
        transcript.say(["{}"], on: .commentary, to: "two__erase", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.types == types)
        #expect(transcript.machine.heldCalls.map(\.text) == ["{}", "{}"])
        transcript.machine.callFinished(.output("1"))
        let added = transcript.types.filter { $0 == "response.output_item.added" }
        #expect(added.count == 5)
        transcript.machine.callFinished(.output("2"))
        transcript.machine.responseFinished(at: Transcript.createdAt)
        #expect(EventGrammar.faults(in: transcript.events).isEmpty)
        let output = try transcript.response["output"]?.array ?? []
        #expect(
            output.dropFirst(2).map { $0["type"]?.string } == [
                "mcp_call", "reasoning", "mcp_call", "mcp_approval_request",
            ]
        )
    }

    @Test func tellsHowLikelyAnAnswerWasThatCameAfterACall() throws {
        let body = Self.two.replacing(
            #""stream":true"#,
            with: #""stream":true,"top_logprobs":1,"include":["message.output_text.logprobs"]"#
        )
        var transcript = try started(body)
        transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        transcript.machine.messageStarted(HarmonyHeader(role: .assistant, channel: .final))
        for piece in ["Two", "."] {
            transcript.machine.tokenReceived(
                TokenLogprob(chosen: .init(token: 1, logprob: -1))
            )
            transcript.machine.textReceived(piece.utf8.span)
        }
        transcript.machine.messageEnded(.return)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("2"))
        transcript.machine.responseFinished(at: Transcript.createdAt)
        #expect(EventGrammar.faults(in: transcript.events).isEmpty)
        let message = try transcript.response["output"]?.array?.last?["content"]?.array?.first
        #expect(message?["text"] == "Two.")
        #expect(message?["logprobs"]?.array?.count == 2)
    }

    @Test func closesWhatWasNotToldWhenTheResponseEnds() throws {
        var transcript = try started()
        transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        transcript.say(["{}"], on: .commentary, to: "functions.two__add", end: .call)
        transcript.say(["H"], on: .analysis, end: .endOfStream)
        transcript.cancel()
        let output = try transcript.response["output"]?.array?.dropFirst(2) ?? []
        #expect(output.map { $0["status"]?.string } == Array(repeating: "incomplete", count: 3))
    }

    @Test func asksBeforeACallThatTheCallerHasToAllow() throws {
        var transcript = try started()
        transcript.say([#"{"x""#, ":1}"], on: .commentary, to: "two__erase", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.roundSummary == .init(callerCalls: 1))
        transcript.machine.responseFinished(at: Transcript.createdAt)
        #expect(EventGrammar.faults(in: transcript.events).isEmpty)
        #expect(
            transcript.types.suffix(4) == [
                "response.output_item.added", "response.output_item.done", "response.completed",
                "[DONE]",
            ]
        )
        let item = try transcript.response["output"]?.array?.last
        #expect(item?["type"] == "mcp_approval_request")
        #expect(item?["arguments"] == #"{"x":1}"#)
        #expect(item?["id"]?.string?.hasPrefix("mcpr_") == true)
    }

    @Test func makesACallThatWasAllowed() throws {
        var transcript = try Transcript(Self.two)
        try transcript.start(listing: Self.tools, of: Self.two)
        transcript.machine.callAllowed(
            MCPApprovalRequestItem(
                id: "mcpr_1",
                serverLabel: "two",
                name: "erase",
                arguments: #"{"x":1}"#
            )
        )
        transcript.machine.callFinished(.output("gone"))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Done"], on: .final, end: .return)
        transcript.finish()
        let call = try transcript.response["output"]?.array?[2]
        #expect(call?["approval_request_id"] == "mcpr_1")
        #expect(call?["output"] == "gone")
        #expect(transcript.types.contains("response.mcp_call_arguments.delta"))
    }

    @Test func ignoresCallsBeyondTheLimit() throws {
        var transcript = try started()
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.roundStarted(promptTokens: 70, callsMax: 1)
        for _ in 0..<2 {
            transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        }
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.heldCalls.count == 1)
    }

    @Test func isIncompleteWhenTheModelOnlyGoesOnCalling() throws {
        var transcript = try started()
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.roundStarted(promptTokens: 70, callsMax: 0)
        transcript.say(["Again."], on: .analysis)
        transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        transcript.finish()
        let response = try transcript.response
        #expect(response["status"] == "incomplete")
        #expect(response["incomplete_details"]?["reason"] == "max_messages")
    }

    @Test func namesAToolThatIsNotThereWhenAllToolsAreServers() throws {
        var transcript = try started()
        transcript.say(["{}"], on: .commentary, to: "functions.nothing", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.roundSummary.unknownRecipient == "functions.nothing")
    }

    @Test func closesCallsThatTheEndOfTheResponseCutShort() throws {
        var transcript = try started()
        transcript.say(["{}"], on: .commentary, to: "functions.one__add", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.cancel()
        let call = try transcript.response["output"]?.array?.last
        #expect(call?["status"] == "incomplete")
        #expect(transcript.types.contains("response.mcp_call.failed"))
    }

    @Test(arguments: [ResponseEventMachine.RoundEnd.length, .stop])
    func neverMakesHalfACall(end: ResponseEventMachine.RoundEnd) throws {
        for recipient: Recipient in ["functions.one__add", "functions.two__erase"] {
            var transcript = try started()
            transcript.say([#"{"a":"#], on: .commentary, to: recipient, end: .endOfStream)
            transcript.finish(end)
            #expect(transcript.machine.heldCalls.isEmpty)
            let response = try transcript.response
            #expect(response["status"]?.string == (end == .length ? "incomplete" : "failed"))
        }
    }

    @Test func closesAListThatTheEndOfTheResponseCutShort() throws {
        var transcript = try Transcript(Self.two)
        transcript.machine.responseStarted()
        transcript.machine.listingStarted("one")
        transcript.cancel()
        #expect(transcript.types.contains("response.mcp_list_tools.failed"))
    }

    @Test(arguments: [
        (#"{"type":"mcp","server_label":"one"}"#, "functions.one__add", "completed"),
        (#"{"type":"mcp","server_label":"one","name":"erase"}"#, "functions.one__add", "failed"),
        (#"{"type":"mcp","server_label":"two"}"#, "functions.one__add", "failed"),
        (#""required""#, "functions.one__add", "completed"),
    ])
    func holdsTheModelToTheChoiceOfAServer(
        choice: String,
        recipient: String,
        status: String
    ) throws {
        let body = Self.two.replacing(#""stream":true"#, with: #""tool_choice":\#(choice)"#)
        var transcript = try started(body)
        transcript.say(
            ["{}"],
            on: .commentary,
            to: Recipient(rawValue: recipient),
            end: .call
        )
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("1"))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Done"], on: .final, end: .return)
        transcript.finish()
        #expect(try transcript.response["status"]?.string == status)
    }
}
