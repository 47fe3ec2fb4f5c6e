import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

/// What callers demand and no worker can be made to do: it is checked, asked for once more, and
/// never passed off as done.
@Suite(.timeLimit(.minutes(1)))
struct DemandTests {
    private static let f =
        #"{"type":"function","name":"f","strict":true,"parameters":{"required":["x"]}}"#
    private static let tools = #""tools":[\#(f),{"type":"function","name":"g"}]"#
    private static let callF = Says.call("f", #"{"x":1}"#)
    private static let schema =
        #""text":{"format":{"type":"json_schema","name":"n","strict":true,"schema":"#
        + #"{"type":"object","required":["a"]}}}"#

    private static func body(_ members: String, stream: Bool) -> ByteBuffer {
        ServiceBench.body(",\(members)", stream: stream)
    }

    private func bench(_ rounds: [String], models: [ModelDescription] = [.test]) -> ServiceBench {
        ServiceBench(rounds: rounds, toolCaller: ScriptedToolCaller(tools: []), models: models)
    }

    private func types(_ response: JSONValue?) -> [String] {
        response?["output"]?.array?.compactMap { $0["type"]?.string } ?? []
    }

    private func message(_ response: JSONValue?) -> String {
        response?["error"]?["message"]?.string ?? ""
    }

    // MARK: Calls

    private static let demands = [
        (#""tool_choice":"required""#, Says.answer("No")),
        (#""tool_choice":{"type":"function","name":"f"}"#, Says.answer("No")),
        (#""tool_choice":{"type":"function","name":"f"}"#, Says.call("g")),
        (
            #""tool_choice":{"type":"allowed_tools","mode":"required","tools":"#
                + #"[{"type":"function","name":"f"}]}"#,
            Says.call("g")
        ),
    ]

    @Test(arguments: demands, [true, false])
    func modelThatDoesNotCallIsAskedAgain(
        demand: (choice: String, instead: String),
        stream: Bool
    ) async throws {
        let bench = bench([Says.thought("Why?") + demand.instead, Self.callF])
        let body = Self.body(#"\#(demand.choice),\#(Self.tools)"#, stream: stream)
        let output = bench.output()
        let response =
            stream
            ? try await bench.stream(body, to: output).finalResponse
            : try await bench.answer(body)
        #expect(response?["status"] == "completed")
        #expect(types(response) == ["reasoning", "function_call"])
        #expect(response?["output"]?.array?.last?["arguments"] == #"{"x":1}"#)
        #expect(!output.text.contains("output_text"))
        let record = bench.backend.record
        try #require(record.requests.count == 2)
        let prompts = record.requests.reduce(0) { $0 + $1.prompt.count }
        #expect(response?["usage"]?["input_tokens"]?.integer == prompts)
        #expect(response?["usage"]?["output_tokens"]?.integer == record.tokensDelivered)
        #expect(Tokenizer().text(of: record.requests[1].prompt).contains("was rejected: "))
    }

    @Test(arguments: demands, [true, false])
    func modelThatNeverCallsFailsTheResponse(
        demand: (choice: String, instead: String),
        stream: Bool
    ) async throws {
        let bench = bench([demand.instead])
        let body = Self.body(#"\#(demand.choice),\#(Self.tools)"#, stream: stream)
        let response =
            stream ? try await bench.stream(body).finalResponse : try await bench.answer(body)
        #expect(response?["status"] == "failed")
        #expect(message(response).hasPrefix("The model "))
        #expect(bench.backend.record.requests.count == 2)
    }

    @Test func modelThatMustNotCallIsAskedAgain() async throws {
        let bench = bench([Self.callF, Says.answer("Fine")])
        let body = Self.body(#""tool_choice":"none",\#(Self.tools)"#, stream: true)
        let transcript = try await bench.stream(body)
        #expect(transcript.finalResponse?["status"] == "completed")
        #expect(types(transcript.finalResponse) == ["message"])
        #expect(transcript.joinedDeltas("response.output_text.delta") == "Fine")
        let first = try #require(bench.backend.record.requests.first)
        #expect(!Tokenizer().text(of: first.prompt).contains("namespace functions"))
    }

    @Test func completionsAreDemandedTheSameWay() async throws {
        let tool = #"{"type":"function","function":{"name":"f"}}"#
        let body = ByteBuffer(
            string: #"{"model":"gpt-oss-20b","messages":[{"role":"user","content":"x"}],"#
                + #""tools":[\#(tool)],"tool_choice":"required"}"#
        )
        let bench = bench([Says.answer("No"), Self.callF])
        let answer = try await bench.answer(body, for: .chatCompletions)
        let choice = answer["choices"]?.array?.first
        #expect(choice?["finish_reason"] == "tool_calls")
        #expect(choice?["message"]?["content"] == .null)
        #expect(bench.backend.record.requests.count == 2)
    }

    @Test func secondAttemptCountsAgainstTheLimitOfTokens() async throws {
        let bench = bench([Says.answer("No"), Self.callF])
        let members = #""max_output_tokens":3,"tool_choice":"required",\#(Self.tools)"#
        let response = try await bench.answer(Self.body(members, stream: false))
        #expect(response["status"] == "incomplete")
        #expect(response["output"] == [])
        #expect(bench.backend.record.requests.count == 1)
    }

    @Test(arguments: [true, false])
    func stopStringInWhatIsNotToldDoesNotEndTheResponse(stream: Bool) async throws {
        let bench = bench([Says.answer("No"), Self.callF])
        let members = #""stop":"No","tool_choice":"required",\#(Self.tools)"#
        let body = Self.body(members, stream: stream)
        let response =
            stream ? try await bench.stream(body).finalResponse : try await bench.answer(body)
        #expect(response?["status"] == "completed")
        #expect(types(response) == ["function_call"])
        #expect(bench.backend.record.requests.count == 2)
    }

    @Test(arguments: [true, false])
    func modelThatOnlyAnnouncesItsAnswerIsAskedAgain(stream: Bool) async throws {
        let preamble = "<|channel|>commentary<|message|>I answer in JSON.<|end|>"
        let bench = bench([preamble, Says.answer(#"{"a":1}"#)])
        let body = Self.body(Self.schema, stream: stream)
        let response =
            stream ? try await bench.stream(body).finalResponse : try await bench.answer(body)
        #expect(response?["status"] == "completed")
        #expect(types(response) == ["message", "message"])
        #expect(bench.backend.record.requests.count == 2)
    }

    @Test func toolThatIsNotServedCannotBeDemanded() async throws {
        let members = #""tool_choice":{"type":"file_search"},\#(Self.tools)"#
        let error = try await bench([]).refusal(of: Self.body(members, stream: false))
        #expect(error?.param == "tool_choice")
        #expect(error?.httpStatus == 400)
    }

    // MARK: Arguments

    @Test func argumentsThatDoNotFitAreAskedForAgainWhereNobodySawThem() async throws {
        let bench = bench([Says.call("f", #"{"y":1}"#), Self.callF])
        let response = try await bench.answer(Self.body(Self.tools, stream: false))
        #expect(response["status"] == "completed")
        #expect(types(response) == ["function_call"])
        #expect(response["output"]?.array?.first?["arguments"] == #"{"x":1}"#)
    }

    @Test func argumentsThatDoNotFitFailAResponseThatToldThem() async throws {
        let bench = bench([Says.call("f", #"{"y":1}"#), Self.callF])
        let transcript = try await bench.stream(Self.body(Self.tools, stream: true))
        let response = transcript.finalResponse
        #expect(response?["status"] == "failed")
        #expect(message(response).contains("$ must have 'x'"))
        #expect(response?["output"]?.array?.first?["status"] == "incomplete")
        #expect(bench.backend.record.requests.count == 1)
    }

    // MARK: Answers

    @Test func answerThatDoesNotFitIsAskedForAgainWhereNobodySawIt() async throws {
        let bench = bench([Says.answer(#"{"b":1}"#), Says.answer(#"{"a":1}"#)])
        let response = try await bench.answer(Self.body(Self.schema, stream: false))
        #expect(response["status"] == "completed")
        #expect(types(response) == ["message"])
        let text = response["output"]?.array?.first?["content"]?.array?.first?["text"]
        #expect(text == #"{"a":1}"#)
    }

    @Test func answerThatDoesNotFitFailsAResponseThatToldIt() async throws {
        let bench = bench([Says.answer(#"{"b":1}"#), Says.answer(#"{"a":1}"#)])
        let response = try await bench.stream(Self.body(Self.schema, stream: true)).finalResponse
        #expect(response?["status"] == "failed")
        #expect(message(response).contains("$ must have 'a'"))
        #expect(types(response) == ["message"])
        #expect(bench.backend.record.requests.count == 1)
    }

    @Test func answerThatBeginsAsNoJSONIsNotTold() async throws {
        let bench = bench([Says.answer("Sure: {}"), Says.answer(#"{"a":1}"#)])
        let transcript = try await bench.stream(Self.body(Self.schema, stream: true))
        #expect(transcript.finalResponse?["status"] == "completed")
        #expect(transcript.joinedDeltas("response.output_text.delta") == #"{"a":1}"#)
        #expect(transcript.events("response.output_item.added").count == 1)
    }

    @Test func answerThatNeverFitsFailsTheResponse() async throws {
        let bench = bench([Says.answer("Sure: {}")])
        let response = try await bench.answer(Self.body(Self.schema, stream: false))
        #expect(response["status"] == "failed")
        #expect(message(response).contains("not the JSON"))
        #expect(types(response) == ["message"])
        #expect(bench.backend.record.requests.count == 2)
    }

    @Test func workerIsToldWhatItOffersToSeeTo() async throws {
        var model = ModelDescription.test
        model.capabilitySets = [[.constraintJSONSchema, .constraintFinalChannel]]
        let bench = bench([Says.answer(#"{"a":1}"#)], models: [model])
        _ = try await bench.answer(Self.body(Self.schema, stream: false))
        let schema = Array(#"{"type":"object","required":["a"]}"#.utf8)
        #expect(
            bench.backend.record.requests.map(\.constraint)
                == [Constraint(.jsonSchema(schema), start: .finalChannel)]
        )
    }
}
