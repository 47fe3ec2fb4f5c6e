import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Items that are named instead of sent.
@Suite(.timeLimit(.minutes(1)))
struct ReferenceTests {
    private let store = RecordingStore()

    private func body(_ ids: [String]) -> ByteBuffer {
        let references = ids.map { #"{"type":"item_reference","id":"\#($0)"},"# }.joined()
        return ByteBuffer(
            string: """
                {"model":"gpt-oss-20b","input":[\(references){"role":"user","content":"And?"}]}
                """
        )
    }

    @Test func itemsOfAResponseAreShownAsIfSent() async throws {
        let bench = ServiceBench(store: store)
        let first = try await bench.answer()
        let id = try #require(first["id"]?.string)
        let listed = try await bench.service.inputItems(of: id, ItemPage.Selection())
        let input = try JSONValue(parsing: String(buffer: listed))["data"]?.array ?? []
        let output = first["output"]?.array ?? []
        let ids = (input + output).compactMap { $0["id"]?.string }
        #expect(ids.count == 3)
        let second = try await bench.answer(body(ids))
        let prompt = Tokenizer().text(of: try #require(bench.backend.record.requests.last).prompt)
        #expect(prompt.contains("<|start|>user<|message|>Hello<|end|>"))
        #expect(prompt.contains(ServiceBench.answerText))
        let secondID = try #require(second["id"]?.string)
        let kept = try await bench.service.inputItems(of: secondID, ItemPage.Selection())
        let types = try JSONValue(parsing: String(buffer: kept))["data"]?.array?.map { $0["type"] }
        #expect(types == ["message", "message", "reasoning", "message"])
    }

    @Test func itemOfAConversationIsFound() async throws {
        let bench = ServiceBench(store: store)
        let items = #"{"items":[{"role":"user","content":"Of a conversation."}]}"#
        let made = try await bench.service.createConversation(ByteBuffer(string: items))
        let id = try #require(try JSONValue(parsing: String(buffer: made))["id"]?.string)
        let page = try await bench.service.conversationItems(id, ItemPage.Selection())
        let item = try JSONValue(parsing: String(buffer: page))["first_id"]?.string
        _ = try await bench.answer(body([#require(item)]))
        let prompt = Tokenizer().text(of: try #require(bench.backend.record.requests.last).prompt)
        #expect(prompt.contains("Of a conversation."))
    }

    @Test(arguments: ["msg_1", "msg_" + String(repeating: "0", count: 32), "x"])
    func unknownItemIsNamed(_ id: String) async throws {
        let error = try await ServiceBench(store: store).refusal(of: body([id]))
        #expect(error?.httpStatus == 404)
        #expect(error?.param == "input")
        #expect(error?.message.contains("'\(id)'") == true)
    }
}
