import Harmony
import HocketEngine
import HocketResponses
import HocketStore
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConversationTests {
    private let store = RecordingStore()

    private static func messages(_ count: Int) -> String {
        let message = #"{"role":"user","content":"Hello"}"#
        return Array(repeating: message, count: count).joined(separator: ",")
    }

    private func bench(_ script: GenerationScript? = nil) -> ServiceBench {
        ServiceBench(script ?? GenerationScript(ServiceBench.answer), store: store)
    }

    private func json(_ buffer: ByteBuffer) throws -> JSONValue {
        try JSONValue(parsing: String(buffer: buffer))
    }

    private func begin(_ body: String = "", in bench: ServiceBench) async throws -> String {
        let made = try json(await bench.service.createConversation(ByteBuffer(string: body)))
        return try #require(made["id"]?.string)
    }

    private func items(_ id: String, in bench: ServiceBench) async throws -> [JSONValue] {
        var selection = ItemPage.Selection()
        selection.order = .ascending
        let page = try json(await bench.service.conversationItems(id, selection))
        return try #require(page["data"]?.array)
    }

    private static let oneItem = #"{"items":[{"role":"user","content":"Hi"}]}"#

    @Test func fullOneIsRefusedBeforeAnythingIsSampled() async throws {
        let limits = ConversationLimits(itemsMax: 2)
        let bench = ServiceBench(store: RecordingStore(conversationLimits: limits))
        let id = try await begin(Self.oneItem, in: bench)
        let body = ServiceBench.body(#","conversation":"\#(id)""#)
        let error = try await bench.refusal(of: body)
        #expect(error?.httpStatus == 400)
        #expect(error?.param == "conversation")
        #expect(error?.message.contains("max: 2 items") == true)
        #expect(bench.backend.record.requests.isEmpty)
    }

    @Test func responseThatOverflowsItIsKeptBesideIt() async throws {
        // One item is there, one comes with the request, and the answer is two.
        let limits = ConversationLimits(itemsMax: 3)
        let bench = ServiceBench(store: RecordingStore(conversationLimits: limits))
        let id = try await begin(Self.oneItem, in: bench)
        let body = ServiceBench.body(#","conversation":"\#(id)""#)
        let made = try await bench.stream(body).finalResponse
        #expect(made?["status"] == "completed")
        let responseID = try #require(made?["id"]?.string)
        #expect(try json(await bench.service.storedResponse(responseID)) == made)
        #expect(try await items(id, in: bench).count == 1)
    }

    @Test func backgroundResponseThatOverflowsItIsKeptBesideIt() async throws {
        let store = RecordingStore(conversationLimits: ConversationLimits(itemsMax: 3))
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend, store: store) { bench in
            let id = try await begin(Self.oneItem, in: bench.bench)
            let body = BackgroundBench.body(#","conversation":"\#(id)""#)
            let responseID = try #require(try await bench.begin(body).object["id"]?.string)
            #expect(try await bench.ended(responseID)["status"] == "completed")
            #expect(try await items(id, in: bench.bench).count == 1)
        }
    }

    @Test func isMadeShownChangedAndDeleted() async throws {
        let service = bench().service
        let body = ByteBuffer(string: #"{"metadata":{"tune":"hocket"}}"#)
        let made = try json(await service.createConversation(body))
        let id = try #require(made["id"]?.string)
        #expect(id.hasPrefix("conv_"))
        #expect(made["object"] == "conversation")
        #expect(made["metadata"] == ["tune": "hocket"])
        #expect(try json(await service.conversation(id)) == made)
        let change = ByteBuffer(string: #"{"metadata":{"tune":"motet"}}"#)
        let changed = try json(await service.updateConversation(id, change))
        #expect(changed["metadata"] == ["tune": "motet"])
        #expect(changed["created_at"] == made["created_at"])
        let deleted = try json(await service.deleteConversation(id))
        #expect(
            deleted == ["id": .string(id), "object": "conversation.deleted", "deleted": true]
        )
        await #expect(throws: APIError.conversationNotFound(id)) {
            try await service.conversation(id)
        }
        await #expect(throws: APIError.conversationNotFound(id)) {
            try await service.deleteConversation(id)
        }
    }

    @Test func itemsAreAddedListedShownAndDeleted() async throws {
        let bench = bench()
        let one = #"{"items":[{"role":"user","content":"One"}]}"#
        let id = try await begin(one, in: bench)
        let more = #"{"items":[{"role":"user","content":"Two"},{"role":"user","content":"Three"}]}"#
        let added = try json(
            await bench.service.addConversationItems(id, ByteBuffer(string: more))
        )
        #expect(added["data"]?.array?.count == 2)
        let all = try await items(id, in: bench)
        #expect(all.compactMap { $0["content"]?.array?.first?["text"] } == ["One", "Two", "Three"])
        #expect(added["first_id"] == all[1]["id"])
        let middle = try #require(all[1]["id"]?.string)
        #expect(try json(await bench.service.conversationItem(middle, of: id)) == all[1])
        let rest = try json(await bench.service.deleteConversationItem(middle, of: id))
        #expect(rest["id"]?.string == id)
        #expect(try await items(id, in: bench) == [all[0], all[2]])
        await #expect(throws: APIError.itemNotFound(middle)) {
            try await bench.service.conversationItem(middle, of: id)
        }
        await #expect(throws: APIError.itemNotFound(middle)) {
            try await bench.service.deleteConversationItem(middle, of: id)
        }
    }

    @Test func responseGoesOnWithItAndAddsToIt() async throws {
        let bench = bench()
        let id = try await begin(#"{"items":[{"role":"user","content":"Before."}]}"#, in: bench)
        let members = #","conversation":{"id":"\#(id)"}"#
        let first = try await bench.answer(ServiceBench.body(members, stream: false))
        #expect(first["conversation"] == ["id": .string(id)])
        let second = try await bench.stream(ServiceBench.body(members)).finalResponse
        let prompt = Tokenizer().text(of: try #require(bench.backend.record.requests.last).prompt)
        #expect(prompt.contains("Before."))
        #expect(prompt.contains(ServiceBench.answerText))
        let kept = try await items(id, in: bench)
        #expect(kept.count == 7)
        #expect(kept[2...3] == (first["output"]?.array ?? [])[...])
        #expect(kept[5...6] == (second?["output"]?.array ?? [])[...])
    }

    @Test func backgroundResponseAddsToItWhenItIsDone() async throws {
        let gate = Gate()
        let script = GenerationScript(ServiceBench.answer).waiting(for: gate, after: 4)
        try await BackgroundBench.run(ScriptedBackend(script), store: store) { bench in
            let id = try await begin(in: bench.bench)
            let body = BackgroundBench.body(#","conversation":"\#(id)""#)
            let (_, events) = try await bench.begin(body)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            let early = try await items(id, in: bench.bench)
            #expect(early.isEmpty)
            gate.open()
            _ = try await bench.text(of: events)
            let kept = try await items(id, in: bench.bench)
            #expect(kept.count == 3)
        }
    }

    @Test func failedResponseAddsNothing() async throws {
        let bench = bench(
            GenerationScript(
                "<|channel|>final<|message|>Hello",
                end: .fail(FailedResponseTests.workerLost)
            )
        )
        let id = try await begin(in: bench)
        let body = ServiceBench.body(#","conversation":"\#(id)""#)
        #expect(try await bench.stream(body).finalResponse?["status"] == "failed")
        #expect(try await items(id, in: bench).isEmpty)
    }

    @Test func responseOutlivesAConversationThatIsDeletedMeanwhile() async throws {
        let gate = Gate()
        let bench = bench(GenerationScript(ServiceBench.answer).waiting(for: gate, after: 4))
        let id = try await begin(in: bench)
        async let made = bench.stream(ServiceBench.body(#","conversation":"\#(id)""#))
        try await bench.backend.recorded { $0.tokensDelivered == 4 }
        _ = try await bench.service.deleteConversation(id)
        gate.open()
        let final = try await made.finalResponse
        #expect(final?["status"] == "completed")
        #expect(try await store.responses.count == 1)
    }

    @Test func unknownConversationIsNotFound() async throws {
        let body = ServiceBench.body(#","conversation":"conv_1""#)
        #expect(try await bench().refusal(of: body) == .conversationNotFound("conv_1"))
    }

    @Test func isNotUsedTogetherWithAnEarlierResponse() async throws {
        let members = #","conversation":"conv_1","previous_response_id":"resp_1""#
        let error = try await bench().refusal(of: ServiceBench.body(members))
        #expect(error?.httpStatus == 400)
        #expect(error?.param == "conversation")
    }

    @Test(arguments: [
        (#"{"metadata":[]}"#, "metadata"),
        (#"{"items":[{"type":"nothing"}]}"#, "items[0].type"),
        (#"{"items":[\#(messages(21))]}"#, "items"),
    ])
    func badBodyNamesTheParameter(_ body: String, _ parameter: String) async throws {
        let service = bench().service
        let error = await #expect(throws: APIError.self) {
            try await service.createConversation(ByteBuffer(string: body))
        }
        #expect(error?.httpStatus == 400)
        #expect(error?.param == parameter)
    }

    @Test func additionWithoutItemsIsRefused() async throws {
        let bench = bench()
        let id = try await begin(in: bench)
        let error = await #expect(throws: APIError.self) {
            try await bench.service.addConversationItems(id, ByteBuffer(string: "{}"))
        }
        #expect(error?.param == "items")
    }
}
