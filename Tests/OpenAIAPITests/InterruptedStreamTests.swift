import Harmony
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// A stream that is cut off anywhere is ended by another machine that knows only its events.
@Suite struct InterruptedStreamTests {
    /// A course that a response takes.
    enum Course: CaseIterable {
        case plain, calls, servers, builtIns
    }

    private static let calls = #"""
        {"model":"m","input":"x","stream":true,"temperature":0.70,"metadata":{"a":"ü"},
        "tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"}]}
        """#

    private static let servers = #"""
        {"model":"m","input":"x","stream":true,"tools":[{"type":"mcp","server_label":"s",
        "require_approval":{"never":{"tool_names":["t"]}}},{"type":"function","name":"f"}]}
        """#

    private static let builtIns = #"""
        {"model":"m","input":"x","stream":true,"tools":[{"type":"web_search"},
        {"type":"code_interpreter","container":{"type":"auto"}}]}
        """#

    private static let body = #"{"model":"m","input":"x","stream":true}"#

    /// What ended with an event that was not kept is one write with that event, so that no log
    /// ends here.
    private static let neverLast = [
        "response.mcp_list_tools.completed", "response.mcp_call.completed",
        "response.code_interpreter_call.completed", "response.web_search_call.completed",
        "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done",
    ]

    private func stream(_ course: Course, _ dialect: ResponseDialect) throws -> Transcript {
        switch course {
        case .plain: try plain(dialect)
        case .calls: try calls(dialect)
        case .servers: try servers(dialect)
        case .builtIns: try builtIns(dialect)
        }
    }

    private func plain(_ dialect: ResponseDialect) throws -> Transcript {
        var transcript = try Transcript(Self.body, dialect: dialect)
        transcript.start()
        transcript.say(["Think", " hard"], on: .analysis)
        transcript.machine.messageStarted(HarmonyHeader(role: .assistant, channel: .final))
        for word in ["Hello", ", \"", "wörld"] {
            let token = Tokenizer().encode(word)[0]
            let candidate = TokenLogprob.Candidate(token: token, logprob: -0.125)
            transcript.machine.tokenReceived(
                TokenLogprob(chosen: candidate, alternatives: [candidate])
            )
            transcript.machine.textReceived(word.utf8.span)
        }
        transcript.machine.messageEnded(.return)
        transcript.finish()
        return transcript
    }

    private func calls(_ dialect: ResponseDialect) throws -> Transcript {
        var transcript = try Transcript(Self.calls, dialect: dialect)
        transcript.start()
        transcript.say(["I see"], on: .commentary)
        transcript.say(["{", "\"a\":1}"], on: .commentary, to: "f", end: .call)
        transcript.say(["{\"input\":", "\"text\"}"], on: .commentary, to: "c", end: .call)
        transcript.say([], on: .commentary, to: "f", end: .call)
        transcript.finish()
        return transcript
    }

    /// Two lists, calls that are held while others are written, and a question.
    private func servers(_ dialect: ResponseDialect) throws -> Transcript {
        var transcript = try Transcript(Self.servers, dialect: dialect)
        let tools = ["t", "u"].map { MCPListToolsItem.Tool(name: $0, inputSchema: [:]) }
        try transcript.start(listing: ["s": tools], of: Self.servers)
        transcript.machine.listingStarted("z")
        transcript.machine.listingFailed("unreachable")
        transcript.machine.roundStarted(promptTokens: 70)
        transcript.say(["{", "}"], on: .commentary, to: "t", end: .call)
        transcript.say(["Hm", "."], on: .analysis)
        transcript.say(["{}"], on: .commentary, to: "t", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("1"))
        transcript.machine.callFinished(.failure(.toolExecution(text: "no")))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["{}"], on: .commentary, to: "u", end: .call)
        transcript.say(["{", "}"], on: .commentary, to: "f", end: .call)
        transcript.finish()
        return transcript
    }

    /// Calls of built-in tools, one of them held while another is written, and one that failed.
    private func builtIns(_ dialect: ResponseDialect) throws -> Transcript {
        var transcript = try Transcript(
            Self.builtIns,
            dialect: dialect,
            serving: [.codeInterpreter, .webSearch]
        )
        transcript.start()
        transcript.say(["1 ", "+ 1"], on: .analysis, to: "python")
        transcript.say([#"{"query":"#, #""x"}"#], on: .analysis, to: "browser.search", end: .call)
        transcript.machine.roundFinished(.stop, cachedTokens: 0)
        transcript.machine.callFinished(.output("2"))
        transcript.machine.callFinished(.failure(.toolExecution(text: "no")))
        transcript.machine.roundStarted(promptTokens: 90)
        transcript.say(["Two"], on: .final, end: .return)
        transcript.finish()
        return transcript
    }

    @Test(arguments: Course.allCases, [ResponseDialect.openAI, .openResponses])
    func isEndedWhereverItWasCut(_ course: Course, _ dialect: ResponseDialect) throws {
        let whole = try stream(course, dialect)
        let blocks = whole.events.split(separator: "\n\n").map { $0 + "\n\n" }.dropLast(2)
        let data = try whole.data
        let created = try #require(data.first?["response"]?.object)
        for count in 1...blocks.count {
            let last = data[count - 1]["type"]?.string ?? ""
            if Self.neverLast.contains(last) { continue }
            var machine = ResponseEventMachine(
                interrupted: created,
                options: .init(isStreaming: true, dialect: dialect)
            )
            for event in data.prefix(count) { machine.replayed(try #require(event.object)) }
            machine.responseInterrupted(ResponseError(code: .serverError, message: "It died."))
            let rest = machine.withOutput { String(buffer: $0) }
            let faults = EventGrammar.faults(
                in: blocks.prefix(count).joined() + rest,
                dialect: dialect
            )
            #expect(faults.isEmpty, "after \(last), \(count): \(rest)")
            #expect(machine.status == .failed)
        }
    }

    @Test func whatTheRequestSaidIsRepeated() throws {
        let whole = try stream(.calls, .openAI)
        let created = try #require(whole.data.first?["response"]?.object)
        var machine = ResponseEventMachine(
            interrupted: created,
            options: .init(isStreaming: false)
        )
        for event in try whole.data.dropLast() { machine.replayed(try #require(event.object)) }
        machine.responseInterrupted(ResponseError(code: .serverError, message: "It died."))
        let object = try JSONValue(parsing: String(buffer: machine.responseObject)).object
        let final = try #require(whole.data.last?["response"]?.object)
        let own = ["status", "completed_at", "error", "usage"]
        for member in final.members where !own.contains(member.key) {
            #expect(object?[member.key] == member.value, "\(member.key)")
        }
        #expect(object?.members.map(\.key) == final.members.map(\.key))
        // Names and stop tokens are in no delta.
        let output = object?["usage"]?["output_tokens"]?.integer ?? 0
        #expect(output > 0 && output < final["usage"]?["output_tokens"]?.integer ?? 0)
    }

    @Test func tokensOfDeltasAreCountedAndKeepTheirProbabilities() throws {
        let whole = try stream(.plain, .openAI)
        let data = try whole.data
        let created = try #require(data.first?["response"]?.object)
        var machine = ResponseEventMachine(
            interrupted: created,
            input: [.message(MessageItem(role: .user, content: [.inputText("Hello there")]))],
            options: .init(isStreaming: true)
        )
        let last = try #require(data.lastIndex { $0["type"] == "response.output_text.delta" })
        for event in data.prefix(last + 1) { machine.replayed(try #require(event.object)) }
        machine.responseInterrupted(ResponseError(code: .serverError, message: "It died."))
        let object = try JSONValue(parsing: String(buffer: machine.responseObject))
        #expect(object["usage"]?["input_tokens"] == 2)
        #expect(object["usage"]?["output_tokens_details"]?["reasoning_tokens"] == 2)
        let final = data.last?["response"]?["output"]?.array?.last
        #expect(object["output"]?.array?.last?["content"] == final?["content"])
        #expect(object["output"]?.array?.last?["status"] == "incomplete")
    }
}
