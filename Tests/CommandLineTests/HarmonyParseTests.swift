import Harmony
import Testing

/// `hocket harmony parse` against the reference implementation and against the library.
@Suite struct HarmonyParseTests {
    /// What is repaired, and how, is for the library's tests; here, whatever needs no repair must
    /// be what the reference says.
    @Test func agreesWithTheReferenceOnWhatIsNotRepaired() async throws {
        var count = 0
        for (test, answer) in try await CaseFile.parse.answered(by: "parse") {
            let isRefused = test["errors"]?.array?.isEmpty == false
            guard !isRefused, answer["diagnostics"] == [] else { continue }
            #expect(
                try messages(answer) == reference(test, seenAs: answer),
                "\(test["id"]?.string ?? "")"
            )
            #expect(answer["deltas"] == test["deltas"], "\(test["id"]?.string ?? "")")
            #expect(answer["final_state"] == test["final_state"])
            count += 1
        }
        #expect(count > 200)
    }

    @Test func saysWhatTheLibrarySays() async throws {
        for (test, answer) in try await CaseFile.parse.answered(by: "parse") {
            var parser = HarmonyParser(startingAs: try role(test))
            var expected = HarmonyMessageCollector()
            parser.consume(contentsOf: test["tokens"]?.tokens ?? [], into: &expected)
            if test["eos"] == true { parser.finish(into: &expected) }
            let ends = expected.entries.map {
                JSONValue.string($0.end == .endOfStream ? "eof" : $0.end.rawValue)
            }
            #expect(try messages(answer) == expected.messages)
            #expect(answer["messages"]?.array?.map { $0["end"] } == ends)
            #expect(diagnostics(answer) == expected.diagnostics)
        }
    }

    @Test func givesAllContentAsDeltas() async throws {
        var count = 0
        let answered = try await CaseFile.parse.answered(by: "parse")
        for (test, answer) in answered where test["eos"] == true {
            let deltas = (answer["deltas"]?.array ?? []).compactMap(\.string)
            let contents = (answer["messages"]?.array ?? []).compactMap { $0["content"]?.string }
            #expect(deltas.joined() == contents.joined(), "\(test["id"]?.string ?? "")")
            count += 1
        }
        #expect(count == 840)
    }

    @Test func refusesWhatTheStrictParserRefuses() async throws {
        var refused = 0
        for (test, answer) in try await CaseFile.parse.answered(by: "parse", "--strict") {
            let violation = try violation(test)
            #expect(answer["error"]?["message"]?.string == violation?.message)
            #expect(answer["error"]?["type"] == (violation == nil ? nil : "HarmonyError"))
            #expect((answer["messages"] == nil) == (violation != nil))
            refused += violation == nil ? 0 : 1
        }
        #expect(refused > 300)
    }

    @Test func knowsTheToolsThatWereOffered() async throws {
        let stream = Tokenizer().encode(
            "<|channel|>commentary to=get_weather<|message|>{}<|call|>",
            allowing: SpecialToken.all
        )
        let request: JSONValue = [
            "tokens": .array(stream.map { .number(JSONNumber($0)) }), "tools": ["get_weather"],
        ]
        let outcome = try await HocketProcess.run("harmony", "parse", input: request.compact)
        let answer = try #require(JSONLines.values(outcome.output).first)
        let message = try #require(answer["messages"]?.array?.first)
        #expect(message["recipient"] == "functions.get_weather")
        #expect(message["end"] == "call")
        #expect(answer["diagnostics"]?.array?.first?["kind"] == "misspelledRecipient")
    }

    private func messages(_ json: JSONValue) throws -> [Message] {
        try (json["messages"]?.array ?? []).map(Message.init(json:))
    }

    /// The reference's messages, but for one difference: it takes a type that stands alone, as in
    /// `final <|constrain|>json`, for the recipient.
    private func reference(_ test: JSONValue, seenAs answer: JSONValue) throws -> [Message] {
        zip(try messages(test), try messages(answer)).map { message, ours in
            var message = message
            if message.contentType == nil, ours.recipient == nil,
                message.recipient?.rawValue == ours.contentType?.rawValue
            {
                message.contentType = ours.contentType
                message.recipient = nil
            }
            return message
        }
    }

    private func role(_ test: JSONValue) throws -> Role? {
        try test["role"]?.string.map { try #require(Role(rawValue: $0)) }
    }

    private func diagnostics(_ answer: JSONValue) -> [HarmonyDiagnostic] {
        (answer["diagnostics"]?.array ?? []).map { json in
            HarmonyDiagnostic(
                .init(rawValue: json["kind"]?.string ?? ""),
                position: json["position"]?.integer ?? -1,
                detail: json["detail"]?.string
            )
        }
    }

    private func violation(_ test: JSONValue) throws -> HarmonyError? {
        var parser = StrictHarmonyParser(startingAs: try role(test))
        var receiver = HarmonyMessageCollector()
        do throws(HarmonyError) {
            for token in test["tokens"]?.tokens ?? [] {
                try parser.consume(token, into: &receiver)
            }
            if test["eos"] == true { try parser.finish(into: &receiver) }
            return nil
        } catch {
            return error
        }
    }
}
