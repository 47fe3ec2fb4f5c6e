import Harmony
import OpenAIAPI
import Testing

@Suite struct ResponseEventMachineTests {
    private static let lifecycle = ["response.created", "response.in_progress"]
    private static let tool = #"""
        {"model":"m","input":"x","stream":true,"tools":[{"type":"function","name":"f"}]}
        """#

    // MARK: - Order and numbers

    @Test func nestsReasoningAndAnswer() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["Hm", "."], on: .analysis)
        transcript.say(["Yes"], on: .final, end: .return)
        transcript.finish()
        #expect(
            transcript.types
                == Self.lifecycle + [
                    "response.output_item.added", "response.content_part.added",
                    "response.reasoning_text.delta", "response.reasoning_text.delta",
                    "response.reasoning_text.done", "response.content_part.done",
                    "response.output_item.done",
                    "response.output_item.added", "response.content_part.added",
                    "response.output_text.delta",
                    "response.output_text.done", "response.content_part.done",
                    "response.output_item.done",
                    "response.completed", "[DONE]",
                ]
        )
    }

    @Test func numbersEventsWithoutGapsThroughAllRounds() throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.flush()
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Yes"], on: .final, end: .return)
        transcript.finish()
        let data = try transcript.data
        #expect(data.map { $0["sequence_number"]?.integer } == Array(0..<data.count))
        let added = data.filter { $0["type"]?.string == "response.output_item.added" }
        #expect(added.map { $0["output_index"]?.integer } == [0, 1])
        #expect(transcript.types.filter { $0 == "response.created" }.count == 1)
    }

    @Test func givesTheSameObjectStreamedAndUnstreamed() throws {
        var objects: [JSONValue] = []
        for isStreaming in [true, false] {
            var transcript = try Transcript(Self.tool, isStreaming: isStreaming)
            transcript.start()
            transcript.say(["Hm"], on: .analysis)
            transcript.say(["{\"a\":1}"], on: .commentary, to: "functions.f", end: .call)
            transcript.finish(cachedTokens: 3)
            objects.append(try transcript.response)
            #expect(transcript.events.isEmpty == !isStreaming)
            if isStreaming {
                #expect(try transcript.data.last?["response"] == objects[0])
            }
        }
        #expect(objects[0] == objects[1])
    }

    @Test func repeatsDoneItemsInTheFinalOutput() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["Hm"], on: .analysis)
        transcript.say(["I", " see"], on: .commentary)
        transcript.say(["Yes"], on: .final, end: .return)
        transcript.finish()
        let data = try transcript.data
        let done = data.filter { $0["type"]?.string == "response.output_item.done" }
        #expect(data.last?["response"]?["output"]?.array == done.compactMap { $0["item"] })
        #expect(done.count == 3)
    }

    @Test func padsDeltasWhenAsked() throws {
        var transcript = try Transcript(
            #"{"model":"m","input":"x","stream_options":{"include_obfuscation":true}}"#
        )
        transcript.start()
        transcript.say(["Hm"], on: .analysis)
        transcript.say(["Yes", "12345678 12345678"], on: .final, end: .return)
        transcript.finish()
        let deltas = try transcript.data.filter { $0["delta"] != nil }
        let sizes = deltas.map { delta in
            (delta["delta"]?.string?.count ?? 0) + (delta["obfuscation"]?.string?.count ?? 0)
        }
        #expect(sizes == [16, 16, 32])
        #expect(deltas.last?["logprobs"] == [])
    }

    // MARK: - Which message is which item

    @Test func givesPreamblesAndAnswersTheirPhase() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["I look"], on: .commentary)
        transcript.say(["Yes"], on: .final, end: .return)
        transcript.finish()
        let output = try transcript.response["output"]?.array
        #expect(output?.map { $0["phase"]?.string } == ["commentary", "final_answer"])
    }

    @Test(arguments: [
        ("functions.f", Channel.commentary), ("f", .commentary), ("functions.f", .analysis),
        ("functions.functions.f", .commentary), ("f", .final),
    ])
    func takesACallOnAnyChannelWithOrWithoutPrefix(recipient: String, channel: Channel) throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say(["{}"], on: channel, to: Recipient(rawValue: recipient), end: .call)
        transcript.finish()
        let item = try transcript.response["output"]?.array?.first
        #expect(item?["type"] == "function_call")
        #expect(item?["name"] == "f")
        #expect(item?["status"] == "completed")
    }

    @Test func handsInventedFunctionsToACallerThatHasTools() throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say(["ls"], on: .commentary, to: "container.exec", end: .call)
        transcript.finish()
        let item = try transcript.response["output"]?.array?.first
        #expect(item?["name"] == "container.exec")
        #expect(item?["arguments"] == "ls")
    }

    @Test func failsWhenTheModelCallsAFunctionOfACallerWithoutTools() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .call)
        transcript.finish()
        let response = try transcript.response
        #expect(response["status"] == "failed")
        #expect(response["output"] == [])
        #expect(response["error"]?["message"]?.string?.contains("functions.f") == true)
    }

    @Test func makesNoItemOfReasoningWithoutText() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say([], on: .analysis)
        transcript.say([], on: .commentary)
        transcript.say([], on: .final, end: .return)
        transcript.finish()
        let output = try #require(try transcript.response["output"]?.array)
        #expect(output.map { $0["type"]?.string } == ["message"])
        #expect(output[0]["content"]?.array?.first?["text"] == "")
    }

    @Test func doesNotShowWhatTheModelSaysInTheNameOfOthers() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.machine.messageStarted(
            HarmonyHeader(role: .tool, name: "functions.f", recipient: .assistant)
        )
        transcript.machine.textReceived("42".utf8.span)
        transcript.machine.messageEnded(.end)
        transcript.say(["Yes"], on: .final, end: .return)
        transcript.finish()
        #expect(try transcript.response["output"]?.array?.count == 1)
        #expect(!transcript.events.contains("42\""))
    }

    @Test func givesACallWithoutArgumentsAnEmptyObject() throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say([], on: .commentary, to: "functions.f", end: .call)
        transcript.finish()
        let deltas = try transcript.data.filter { $0["delta"] != nil }
        #expect(deltas.map { $0["delta"]?.string } == ["{}"])
        #expect(try transcript.response["output"]?.array?.first?["arguments"] == "{}")
    }

    // MARK: - Ends

    @Test func takesAnEndWithoutAStopTokenForWholeWhenTheModelStopped() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["Yes"], on: .final, end: .endOfStream)
        transcript.finish(.stop)
        let response = try transcript.response
        #expect(response["status"] == "completed")
        #expect(response["completed_at"]?.integer == Transcript.createdAt + 2)
        #expect(response["output"]?.array?.first?["status"] == "completed")
    }

    @Test(arguments: [
        (#"{"a":1}"#, "completed", "completed"), (#"{"a":"#, "incomplete", "failed"),
    ])
    func takesACallWithoutAStopTokenOnlyIfItIsWhole(
        arguments: String,
        itemStatus: String,
        status: String
    ) throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say([arguments], on: .commentary, to: "f", end: .endOfStream)
        transcript.finish(.stop)
        let response = try transcript.response
        #expect(response["status"]?.string == status)
        #expect(response["output"]?.array?.first?["status"]?.string == itemStatus)
    }

    @Test func neverReportsACallThatTheLimitCutOffAsWhole() throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say([#"{"a":1}"#], on: .commentary, to: "f", end: .endOfStream)
        transcript.finish(.length)
        let response = try transcript.response
        #expect(response["status"] == "incomplete")
        #expect(response["incomplete_details"] == ["reason": "max_output_tokens"])
        #expect(response["output"]?.array?.first?["status"] == "incomplete")
    }

    @Test func keepsReasoningThatTheLimitCutOff() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["Let me"], on: .analysis, end: .endOfStream)
        transcript.finish(.length)
        let response = try transcript.response
        #expect(response["status"] == "incomplete")
        #expect(response["output"]?.array?.map { $0["type"]?.string } == ["reasoning"])
        #expect(response["output"]?.array?.first?["status"] == "incomplete")
    }

    @Test func failsWhenTheModelEndsWithoutAnAnswer() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["Hm"], on: .analysis, end: .return)
        transcript.finish(.stop)
        let response = try transcript.response
        #expect(response["status"] == "failed")
        #expect(response["output"]?.array?.count == 1)
        #expect(transcript.types.suffix(2) == ["response.failed", "[DONE]"])
    }

    @Test func isCompleteWhenTheModelThinksOnAfterACall() throws {
        var transcript = try Transcript(Self.tool)
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .end)
        transcript.say(["Now wait."], on: .analysis, end: .return)
        transcript.finish()
        #expect(try transcript.response["status"] == "completed")
    }

    @Test func writesNoErrorEventInOpenAIsDialect() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.fail("No.")
        #expect(transcript.types == Self.lifecycle + ["response.failed", "[DONE]"])
        #expect(try transcript.data.allSatisfy { $0["error"] == nil })
    }

    @Test(arguments: [false, true])
    func tellsTheWholeStoryOfAResponseThatNeverBegan(wasQueued: Bool) throws {
        var transcript = try Transcript()
        if wasQueued { transcript.machine.responseQueued() }
        transcript.fail("No worker came.")
        let queued = wasQueued ? ["response.created", "response.queued"] : ["response.created"]
        #expect(transcript.types == queued + ["response.in_progress", "response.failed", "[DONE]"])
    }

    @Test func endsACancelledStreamWithItsStatus() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.machine.messageStarted(HarmonyHeader(role: .assistant, channel: .final))
        transcript.machine.textReceived("Ye".utf8.span)
        transcript.cancel()
        let response = try transcript.response
        #expect(response["status"] == "cancelled")
        #expect(response["output"]?.array?.first?["status"] == "incomplete")
        #expect(transcript.types.suffix(2) == ["response.failed", "[DONE]"])
    }

    // MARK: - Usage

    @Test func countsTokensOfAllRounds() throws {
        var transcript = try Transcript(Self.tool)
        transcript.start(promptTokens: 100)
        transcript.say(["a", "b"], on: .analysis)
        transcript.say(["{}"], on: .commentary, to: "f", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 64)
        transcript.machine.roundStarted(promptTokens: 120)
        transcript.say(["c"], on: .analysis)
        transcript.say(["d"], on: .final, end: .return)
        #expect(try transcript.response["usage"] == .null)
        transcript.finish(cachedTokens: 96)
        #expect(
            try transcript.response["usage"] == [
                "input_tokens": 220,
                "input_tokens_details": ["cached_tokens": 160, "cache_write_tokens": 0],
                "output_tokens": 21,
                "output_tokens_details": ["reasoning_tokens": 11],
                "total_tokens": 241,
            ]
        )
    }

    @Test func countsReasoningThatWasCutOff() throws {
        var transcript = try Transcript()
        transcript.start()
        transcript.say(["a", "b"], on: .analysis, end: .endOfStream)
        transcript.finish(.length)
        let details = try transcript.response["usage"]?["output_tokens_details"]
        #expect(details == ["reasoning_tokens": 5])
    }

    @Test func keepsTheFirstRepairs() throws {
        var transcript = try Transcript()
        transcript.start()
        for position in 0..<100 {
            transcript.machine.repaired(HarmonyDiagnostic(.ignoredToken, position: position))
        }
        let kept = transcript.machine.repairs.map(\.position)
        #expect(kept == Array(0..<ResponseEventMachine.repairsKeptMax))
    }
}
