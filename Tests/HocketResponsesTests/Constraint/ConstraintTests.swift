import Harmony
import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

@testable import HocketResponses

/// What a worker is told of requests, by what it offers.
struct ConstraintTests {
    private static let tag = Capabilities.constraintStructuralTag
    private static let json: Capabilities = [
        .constraintJSONSchema, .constraintJSONObject, .constraintFinalChannel,
    ]
    private static let all = json.union(tag)

    private static let f = #"{"type":"function","name":"f","parameters":{"type":"object"}}"#
    private static let g =
        #"{"type":"function","name":"g","strict":true,"parameters":{"required":["x"]}}"#
    private static let schema =
        #""text":{"format":{"type":"json_schema","name":"n","schema":{"required":["a"]}}}"#
    private static let object = #""text":{"format":{"type":"json_object"}}"#

    private func constraint(
        _ members: String,
        after items: [ResponseItem] = [],
        offered: Capabilities
    ) throws -> Constraint? {
        let body = #"{"model":"m","input":"x",\#(members)}"#
        let request = try ResponsesRequest(body: ByteBuffer(string: body))
        let tools = ToolCatalog(request)
        return Constraint(request, tools: tools, after: items, offered: offered)
    }

    /// The structural tag's format.
    private func format(_ constraint: Constraint?) throws -> JSONValue {
        guard case .structuralTag(let text)? = constraint?.kind else {
            throw NotATag()
        }
        #expect(constraint?.start == .firstToken)
        let tag = try JSONValue(parsing: String(decoding: text, as: UTF8.self))
        #expect(tag["type"] == "structural_tag")
        return try #require(tag["format"])
    }

    private struct NotATag: Error {}

    private func begins(_ format: JSONValue?) -> [String] {
        format?["elements"]?.array?.compactMap { $0["begin"]?.string } ?? []
    }

    // MARK: Answers

    @Test(arguments: [
        (schema, json, Constraint.Kind.jsonSchema(Array(#"{"required":["a"]}"#.utf8))),
        (object, json, .jsonObject),
        (schema, all, .jsonSchema(Array(#"{"required":["a"]}"#.utf8))),
    ])
    func answersAreConstrainedInTheFinalChannelOnly(
        members: String,
        offered: Capabilities,
        kind: Constraint.Kind
    ) throws {
        let constraint = try constraint(members, offered: offered)
        #expect(constraint == Constraint(kind, start: .finalChannel))
    }

    private static let nothingTold: [(String, Capabilities)] = [
        (schema, Capabilities()), (object, Capabilities()),
        (schema, json.subtracting(.constraintFinalChannel)),
        (schema, json.subtracting(.constraintJSONSchema)),
        (object, json.subtracting(.constraintJSONObject)),
        (#""text":{"format":{"type":"text"}}"#, all),
        (#""tool_choice":"required","tools":[\#(f)]"#, json),
        (#""tool_choice":"auto","tools":[\#(f)]"#, all),
        (#""tool_choice":"none","tools":[\#(g)]"#, all),
        (#""tools":[\#(g)]"#, json),
    ]

    @Test(arguments: nothingTold)
    func nothingIsToldThatIsNotAskedForOrNotOffered(
        members: String,
        offered: Capabilities
    ) throws {
        #expect(try constraint(members, offered: offered) == nil)
    }

    @Test func answerIsWithinATagWhereOnlyTagsAreOffered() throws {
        let format = try format(constraint(Self.schema, offered: Self.tag))
        #expect(format["type"] == "tags_with_separator")
        #expect(format["separator"] == "<|start|>assistant")
        let answer = format["tags"]?.array?.last
        #expect(answer?["begin"] == "<|channel|>final<|message|>")
        #expect(answer?["content"]?["json_schema"] == ["required": ["a"]])
    }

    /// No worker can do what one of two and the other can.
    @Test func noMoreIsToldThanOneWorkerOffers() throws {
        let body = #"{"model":"m","input":"x","tools":[\#(Self.g)],\#(Self.object)}"#
        let request = try ResponsesRequest(body: ByteBuffer(string: body))
        func constraint(_ sets: [Capabilities]) -> Constraint? {
            Constraint(request, tools: ToolCatalog(request), after: [], offeredBy: sets)
        }
        #expect(constraint([.seed]) == nil)
        #expect(constraint([.seed, Self.json])?.kind == .jsonObject)
        #expect(constraint([Self.json, Self.tag])?.start == .firstToken)
        #expect(constraint([]) == nil)
    }

    @Test func constraintIsLeftOutThatNoWorkerOffersBesideWhatIsNeeded() async throws {
        var model = ModelDescription.test
        model.capabilitySets = [[.seed], [.constraintFinalChannel, .constraintJSONObject]]
        let bench = ServiceBench(GenerationScript(Says.answer("{}")), models: [model])
        for (members, isTold) in [
            (#","seed":7,\#(Self.object)"#, false), (",\(Self.object)", true),
        ] {
            _ = try await bench.stream(ServiceBench.body(members))
            #expect((bench.backend.record.requests.last?.constraint != nil) == isTold)
        }
    }

    // MARK: Calls

    @Test func builtInToolsAreCalledWhereTheModelReasons() throws {
        let body = #"""
            {"model":"m","input":"x","tool_choice":"required","tools":[\#(Self.f),
            {"type":"code_interpreter"},{"type":"web_search"}]}
            """#
        let request = try ResponsesRequest(
            body: ByteBuffer(string: body),
            serving: [.codeInterpreter, .webSearch]
        )
        let tools = ToolCatalog(request)
        let constraint = Constraint(request, tools: tools, after: [], offered: Self.tag)
        let calls = try format(constraint)["elements"]?.array?.first
        #expect(
            begins(calls) == [
                "<|channel|>analysis to=python code<|message|>",
                "<|channel|>analysis to=browser.search code<|message|>",
                "<|channel|>analysis to=browser.open code<|message|>",
                "<|channel|>analysis to=browser.find code<|message|>", Self.beginF,
            ]
        )
        let contents = calls?["elements"]?.array?.map { $0["content"]?["type"] } ?? []
        #expect(contents.prefix(2) == ["any_text", "json_schema"])
    }

    private static let beginF =
        "<|channel|>commentary to=functions.f <|constrain|>json<|message|>"
    private static let beginG =
        "<|channel|>commentary to=functions.g <|constrain|>json<|message|>"
    private static let onlyF = #"[{"type":"function","name":"f"}]"#

    @Test(arguments: [
        (#""tool_choice":"required""#, [beginF, beginG]),
        (
            #""tool_choice":{"type":"allowed_tools","mode":"required","tools":\#(onlyF)}"#,
            [beginF]
        ),
        (#""tool_choice":{"type":"function","name":"g"}"#, [beginG]),
    ])
    func demandedCallMayComeAtOnceOrAfterReasoning(choice: String, expected: [String]) throws {
        let members = #"\#(choice),"tools":[\#(Self.f),\#(Self.g)]"#
        let format = try format(constraint(members, offered: Self.all))
        #expect(format["type"] == "or")
        let elements = try #require(format["elements"]?.array)
        let direct = elements[0]["begin"]?.string.map { [$0] } ?? begins(elements[0])
        #expect(direct == expected)
        let reasoned = try #require(elements.last?["elements"]?.array)
        #expect(reasoned[0]["begin"] == "<|channel|>analysis<|message|>")
        #expect(reasoned[1] == ["type": "const_string", "value": "<|start|>assistant"])
        #expect(reasoned[2] == elements[0])
    }

    @Test func onlyStrictArgumentsFollowTheirSchema() throws {
        let members = #""tools":[\#(Self.f),\#(Self.g)],\#(Self.object)"#
        let format = try format(constraint(members, offered: Self.all))
        let tags = try #require(format["tags"]?.array)
        #expect(
            tags.map { $0["content"]?["json_schema"] } == [
                nil, nil, ["type": "object"], ["type": "object"], ["required": ["x"]],
            ]
        )
        #expect(
            tags.map { $0["end"] } == [
                "<|end|>", "<|end|>", "<|return|>", "<|call|>", "<|call|>",
            ]
        )
    }

    @Test func callThatWasMadeIsNotDemandedAgain() throws {
        let call = FunctionCallItem(
            callID: "call_1",
            name: CallableName("f"),
            arguments: "{}"
        )
        let members = #""tool_choice":"required","tools":[\#(Self.f)]"#
        let constraint = try constraint(members, after: [.functionCall(call)], offered: Self.all)
        #expect(constraint == nil)
    }
}
