import Harmony
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Calls of built-in tools, from the model's words to what came of them.
@Suite struct BuiltInMachineTests {
    private static func body(_ members: String = "", stream: Bool = true) -> String {
        #"""
        {"model":"gpt-oss-20b","input":"Sum?","stream":\#(stream),"tools":[{"type":"web_search"},
        {"type":"code_interpreter","container":{"type":"auto"}}]\#(members)}
        """#
    }

    private func started(
        _ members: String = "",
        stream: Bool = true,
        dialect: ResponseDialect = .openAI
    ) throws -> Transcript {
        var transcript = try Transcript(
            Self.body(members, stream: stream),
            dialect: dialect,
            isStreaming: stream,
            serving: [.codeInterpreter, .webSearch]
        )
        transcript.machine.responseStarted()
        transcript.machine.roundStarted(promptTokens: 70, callsMax: 8)
        return transcript
    }

    private func output(_ transcript: Transcript) throws -> [JSONValue] {
        try transcript.response["output"]?.array ?? []
    }

    /// The types of an item's events, its first and last included.
    private func events(of item: JSONValue?, in transcript: Transcript) throws -> [String] {
        try transcript.data.compactMap { event in
            let id = event["item_id"] ?? event["item"]?["id"]
            return id == item?["id"] ? event["type"]?.string : nil
        }
    }

    @Test func streamsCodeASearchAndTheAnswer() throws {
        var transcript = try started(
            #","include":["code_interpreter_call.outputs","web_search_call.action.sources"]"#
        )
        transcript.say(["I compute."], on: .analysis)
        transcript.say(["print(", "2**10)"], on: .analysis, to: "python", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("1024\n"))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(
            [#"{"query":"#, #""powers of two","topn":3}"#],
            on: .commentary,
            to: "browser.search",
            end: .call
        )
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("[0] https://a.example/1, https://b.example."))
        transcript.machine.roundStarted(promptTokens: 110)
        transcript.say(["1024"], on: .final, end: .return)
        transcript.finish(cachedTokens: 64)
        try Golden.expect(transcript.events, in: "built-in-calls.sse")
    }

    @Test(arguments: [ResponseDialect.openAI, .openResponses])
    func tellsTheStepsOfCode(_ dialect: ResponseDialect) throws {
        var transcript = try started(dialect: dialect)
        transcript.say(["1", "+1"], on: .analysis, to: "python", end: .call)
        #expect(try output(transcript).first?["status"] == "in_progress")
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.roundSummary == .init(heldCalls: 1))
        #expect(transcript.machine.heldCalls.map(\.text) == ["1+1"])
        #expect(transcript.machine.heldCalls.map(\.route) == [.builtIn(.python)])
        transcript.machine.callFinished(.output("2"))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["2"], on: .final, end: .return)
        transcript.finish()
        let item = try output(transcript).first
        #expect(
            try events(of: item, in: transcript) == [
                "response.output_item.added", "response.code_interpreter_call.in_progress",
                "response.code_interpreter_call_code.delta",
                "response.code_interpreter_call_code.delta",
                "response.code_interpreter_call_code.done",
                "response.code_interpreter_call.interpreting",
                "response.code_interpreter_call.completed", "response.output_item.done",
            ]
        )
        #expect(item?["code"] == "1+1")
        #expect(item?["outputs"]?.isNull == true)
        #expect(item?["container_id"]?.string?.hasPrefix("cntr_") == true)
        #expect(item?["hocket_exchange"] == nil)
    }

    @Test(arguments: [
        (
            "browser.search", #"{"query":"x"}"#, "No page.",
            #"{"type":"search","query":"x"}"#
        ),
        (
            "browser.open", #"{"id":"https://a.example/"}"#, "[1] A",
            #"{"type":"open_page","url":"https://a.example/"}"#
        ),
        (
            "browser.open", #"{"id":3,"cursor":0}"#, "[1] B (https://b.example/p)\nText",
            #"{"type":"open_page","url":"https://b.example/p"}"#
        ),
        ("browser.open", "", "Text", #"{"type":"open_page","url":null}"#),
        (
            "browser.find", #"{"pattern":"y"}"#,
            "[2] Find (https://b.example/p/find?pattern=y)\n",
            #"{"type":"find_in_page","pattern":"y","url":"https://b.example/p"}"#
        ),
    ])
    func tellsTheStepsOfASearch(
        recipient: String,
        arguments: String,
        answer: String,
        action: String
    ) throws {
        var transcript = try started()
        transcript.say(
            [arguments].filter { !$0.isEmpty },
            on: .analysis,
            to: Recipient(rawValue: recipient),
            end: .call
        )
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output(answer))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Done"], on: .final, end: .return)
        transcript.finish()
        let item = try output(transcript).first
        #expect(
            try events(of: item, in: transcript) == [
                "response.output_item.added", "response.web_search_call.in_progress",
                "response.web_search_call.searching", "response.web_search_call.completed",
                "response.output_item.done",
            ]
        )
        #expect(try item?["action"] == JSONValue(parsing: Array(action.utf8)))
    }

    @Test func callsThatFailHaveTheirStatusAndNoEvent() throws {
        var transcript = try started(#","include":["code_interpreter_call.outputs"]"#)
        transcript.say(["1/0"], on: .analysis, to: "python", end: .call)
        transcript.say([#"{"query":"x"}"#], on: .analysis, to: "browser.search", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.failure(.protocol(code: -32000, message: "lost")))
        transcript.machine.callFinished(.failure(.toolExecution(text: "no net")))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Sorry"], on: .final, end: .return)
        transcript.finish()
        let items = try output(transcript)
        #expect(items.prefix(2).map { $0["status"] } == ["failed", "failed"])
        #expect(items[0]["outputs"] == [["type": "logs", "logs": "lost"]])
        #expect(!transcript.types.contains { $0.hasSuffix("call.completed") })
        #expect(try transcript.response["status"] == "completed")
    }

    @Test func plainAnswerIsTheLastEventOfTheStream() throws {
        let answers = try [true, false].map { stream in
            var transcript = try started(stream: stream)
            transcript.say(["1"], on: .commentary, to: "python", end: .call)
            transcript.say(["{}"], on: .analysis, to: "browser.open", end: .call)
            transcript.machine.roundFinished(.stop, cachedTokens: 0)
            transcript.machine.callFinished(.output("1"))
            transcript.machine.callFinished(.output("page"))
            transcript.machine.roundStarted(promptTokens: 90)
            transcript.say(["1"], on: .final, end: .return)
            transcript.finish()
            return try output(transcript)
        }
        #expect(answers[0] == answers[1])
    }

    @Test(arguments: ["python", "functions.python", "functions.functions.python"])
    func findsCodeWhateverItsPrefix(recipient: String) throws {
        var transcript = try started()
        transcript.say(["1"], on: .analysis, to: Recipient(rawValue: recipient), end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.heldCalls.map(\.route) == [.builtIn(.python)])
    }

    @Test(arguments: [ResponseEventMachine.RoundEnd.length, .stop])
    func neverMakesHalfACall(end: ResponseEventMachine.RoundEnd) throws {
        // What is there of the code could be run, and is not all of it.
        for (recipient, text): (Recipient, String) in [
            ("python", "rm()"), ("browser.search", #"{"query":"#),
        ] {
            var transcript = try started()
            transcript.say([text], on: .analysis, to: recipient, end: .endOfStream)
            transcript.finish(end)
            #expect(transcript.machine.heldCalls.isEmpty)
            let response = try transcript.response
            #expect(response["status"]?.string == (end == .length ? "incomplete" : "failed"))
            #expect(response["output"]?.array?.first?["status"] == "incomplete")
        }
    }

    @Test func closesCallsThatTheEndOfTheResponseCutShort() throws {
        var transcript = try started()
        transcript.say(["1"], on: .analysis, to: "python", end: .call)
        transcript.say([#"{"query":"x"}"#], on: .analysis, to: "browser.search", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.cancel()
        let items = try output(transcript)
        #expect(items.map { $0["status"] } == ["incomplete", "incomplete"])
    }

    @Test func ignoresCallsBeyondTheLimit() throws {
        var transcript = try started()
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.roundStarted(promptTokens: 70, callsMax: 1)
        for _ in 0..<2 { transcript.say(["1"], on: .analysis, to: "python", end: .call) }
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.heldCalls.count == 1)
    }

    @Test func namesABuiltInToolThatTheRequestDoesNotHave() throws {
        let body = #"""
            {"model":"gpt-oss-20b","input":"x","stream":true,"tools":[{"type":"web_search"}]}
            """#
        var transcript = try Transcript(body, serving: [.codeInterpreter, .webSearch])
        transcript.machine.responseStarted()
        transcript.machine.roundStarted(promptTokens: 70)
        transcript.say(["1"], on: .analysis, to: "python", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(transcript.machine.roundSummary.unknownRecipient == "python")
    }

    @Test(arguments: [
        (#"{"type":"code_interpreter"}"#, "python", "completed"),
        (#"{"type":"code_interpreter"}"#, "browser.search", "failed"),
        (#"{"type":"web_search_preview"}"#, "browser.find", "completed"),
        (#"{"type":"web_search_preview"}"#, "python", "failed"),
        (#""required""#, "python", "completed"),
    ])
    func holdsTheModelToTheChoiceOfATool(
        choice: String,
        recipient: String,
        status: String
    ) throws {
        var transcript = try started(#","tool_choice":\#(choice)"#, stream: false)
        transcript.say(["{}"], on: .analysis, to: Recipient(rawValue: recipient), end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        if !transcript.machine.heldCalls.isEmpty { transcript.machine.callFinished(.output("1")) }
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Done"], on: .final, end: .return)
        transcript.finish()
        #expect(try transcript.response["status"]?.string == status)
    }

    @Test func runsCodeInTheContainerThatTheCallerNamed() throws {
        let body = #"""
            {"model":"gpt-oss-20b","input":"x","stream":true,
            "tools":[{"type":"code_interpreter","container":"cntr_mine"}]}
            """#
        var transcript = try Transcript(body, serving: [.codeInterpreter])
        transcript.machine.responseStarted()
        transcript.machine.roundStarted(promptTokens: 70)
        transcript.say(["1"], on: .analysis, to: "python", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        #expect(try output(transcript).first?["container_id"] == "cntr_mine")
    }
}
