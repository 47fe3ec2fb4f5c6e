import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StoredResponseTests {
    private let store = RecordingStore()

    private func retrieved(_ id: String?, from bench: ServiceBench) async throws -> JSONValue {
        let object = try await bench.service.storedResponse(#require(id))
        return try JSONValue(parsing: String(buffer: object))
    }

    @Test func streamedResponseIsRetrievedAsItsLastEventToldIt() async throws {
        let bench = ServiceBench(store: store)
        let told = try await bench.stream().finalResponse
        #expect(try await retrieved(told?["id"]?.string, from: bench) == told)
    }

    @Test func wholeResponseIsRetrievedAsItWasAnswered() async throws {
        let bench = ServiceBench(store: store)
        let told = try await bench.answer()
        #expect(try await retrieved(told["id"]?.string, from: bench) == told)
    }

    @Test func responseIsKeptBeforeItsClientHearsOfTheEnd() async throws {
        let bench = ServiceBench(store: store)
        store.failure = StoreError(code: .outOfSpace, message: "the disk is full")
        let transcript = try await bench.stream()
        #expect(transcript.types.filter(FailedResponseTests.terminalTypes.contains).count == 1)
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.finalResponse?["error"]?["code"] == "server_error")
        let error = await #expect(throws: APIError.self) { try await bench.answer() }
        #expect(error?.httpStatus == 500)
    }

    @Test func nothingIsKeptOfAResponseThatSaysSo() async throws {
        let bench = ServiceBench(store: store)
        _ = try await bench.stream(ServiceBench.body(#","store":false"#))
        _ = try await bench.answer(
            ChatCompletionTests.body(#","store":true"#),
            for: .chatCompletions
        )
        #expect(try await store.responses.isEmpty)
    }

    @Test(arguments: [
        (GenerationScript.End.finish(.length), "incomplete"),
        (.fail(FailedResponseTests.workerLost), "failed"),
        (.finish(.stop), "completed"),
    ])
    func everyEndIsKept(_ end: GenerationScript.End, _ status: String) async throws {
        let bench = ServiceBench(
            GenerationScript("<|channel|>final<|message|>Hello", end: end),
            store: store
        )
        let told = try await bench.stream().finalResponse
        #expect(told?["status"]?.string == status)
        #expect(try await store.responses.map(\.state.status) == [status])
        #expect(try await retrieved(told?["id"]?.string, from: bench) == told)
    }

    @Test(arguments: [true, false])
    func responseWhoseClientLeftIsKeptAsCancelled(_ isStreamed: Bool) async throws {
        let bench = ServiceBench(
            GenerationScript("<|channel|>final<|message|>Hello", end: .never),
            store: store
        )
        let output = bench.output()
        let task = Task {
            guard isStreamed else { return _ = try await bench.answer(to: output) }
            _ = try await bench.stream(to: output)
        }
        try await bench.backend.recorded { $0.tokensDelivered > 3 }
        try await bench.eventLoop.submit { output.leave() }.get()
        _ = await task.result
        let kept = try #require(try await store.responses.first)
        #expect(kept.state.status == "cancelled")
        #expect(kept.state.isFinished)
        let object = try await retrieved(kept.id, from: bench)
        #expect(object["output"]?.array?.last?["content"]?.array?.first?["text"] == "Hello")
    }

    @Test func continuedResponseIsShownEverythingSaidBeforeButInstructions() async throws {
        let bench = ServiceBench(store: store)
        let first = try await bench.answer(
            ServiceBench.body(#","instructions":"Rhyme.""#, stream: false)
        )
        let id = try #require(first["id"]?.string)
        let second = try await bench.answer(
            ServiceBench.body(#","previous_response_id":"\#(id)""#, stream: false)
        )
        #expect(second["previous_response_id"]?.string == id)
        let prompt = Tokenizer().text(of: try #require(bench.backend.record.requests.last).prompt)
        #expect(prompt.contains(ServiceBench.answerText))
        #expect(prompt.split(separator: "<|start|>user<|message|>Hello<|end|>").count == 3)
        #expect(!prompt.contains("Rhyme."))
    }

    @Test func responseThatIsNotKeptCannotBeContinued() async throws {
        let body = ServiceBench.body(#","previous_response_id":"resp_1""#)
        let error = try await ServiceBench(store: store).refusal(of: body)
        #expect(error == .previousResponseNotFound("resp_1"))
        #expect(error?.httpStatus == 400)
    }

    @Test func deletedResponseIsNotFound() async throws {
        let bench = ServiceBench(store: store)
        let id = try #require(try await bench.answer()["id"]?.string)
        let answer = try await bench.service.deleteStoredResponse(id)
        #expect(
            try JSONValue(parsing: String(buffer: answer))
                == ["id": .string(id), "object": "response", "deleted": true]
        )
        await #expect(throws: APIError.responseNotFound(id)) {
            try await bench.service.storedResponse(id)
        }
        await #expect(throws: APIError.responseNotFound(id)) {
            try await bench.service.deleteStoredResponse(id)
        }
    }

    @Test func inputItemsAreListedWithIdsAPageAtATime() async throws {
        let bench = ServiceBench(store: store)
        let body = """
            {"model":"gpt-oss-20b","input":[{"role":"user","content":"One"},\
            {"role":"user","content":"Two"},{"role":"user","content":"Three"}]}
            """
        let id = try #require(try await bench.answer(ByteBuffer(string: body))["id"]?.string)
        var selection = ItemPage.Selection()
        selection.itemsMax = 2
        let first = try await page(selection, of: id, in: bench)
        #expect(texts(first) == ["Three", "Two"])
        #expect(first["has_more"] == true)
        selection.after = first["last_id"]?.string
        let second = try await page(selection, of: id, in: bench)
        #expect(texts(second) == ["One"])
        #expect(second["has_more"] == false)
        #expect(second["first_id"] == second["last_id"])
    }

    private func page(
        _ selection: ItemPage.Selection,
        of id: String,
        in bench: ServiceBench
    ) async throws -> JSONValue {
        let page = try await bench.service.inputItems(of: id, selection)
        return try JSONValue(parsing: String(buffer: page))
    }

    private func texts(_ page: JSONValue) -> [String]? {
        page["data"]?.array?.compactMap { $0["content"]?.array?.first?["text"]?.string }
    }
}
