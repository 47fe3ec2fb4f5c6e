import OpenAIAPI
import Testing

@Suite
struct ConversationWindowTests {
    private static func message(_ role: MessageRole, _ text: String) -> ResponseItem {
        .message(MessageItem(role: role, content: [.inputText(text)]))
    }

    private static let call = ResponseItem.functionCall(
        FunctionCallItem(
            id: "fc_1",
            status: .completed,
            callID: "call_1",
            name: CallableName("f"),
            arguments: "{}"
        )
    )
    private static let output = ResponseItem.functionCallOutput(
        FunctionCallOutputItem(callID: "call_1", output: [.inputText("1")])
    )
    private static let first = message(.user, "First.")
    private static let rules = message(.developer, "Rhyme.")
    private static let between = message(.user, "Wait.")
    private static let last = message(.user, "Last.")

    @Test func oldestGoesFirst() {
        let window = ConversationWindow([Self.first, Self.between, Self.last])
        #expect(window.dropsMax == 2)
        #expect(window.items(dropping: 0) == [Self.first, Self.between, Self.last])
        #expect(window.items(dropping: 1) == [Self.between, Self.last])
        #expect(window.items(dropping: 2) == [Self.last])
    }

    @Test func instructionsStayWhereverTheyAre() {
        let window = ConversationWindow([Self.rules, Self.first, Self.rules, Self.last])
        #expect(window.dropsMax == 1)
        #expect(window.items(dropping: 1) == [Self.rules, Self.rules, Self.last])
    }

    @Test func callGoesWithItsOutput() {
        let window = ConversationWindow([
            Self.first, Self.call, Self.between, Self.output, Self.last,
        ])
        #expect(window.dropsMax == 3)
        #expect(window.items(dropping: 1) == [Self.call, Self.between, Self.output, Self.last])
        #expect(window.items(dropping: 2) == [Self.between, Self.last])
    }

    @Test func newestStaysThoughItBeganEarly() {
        let window = ConversationWindow([Self.call, Self.output])
        #expect(window.dropsMax == 0)
    }

    @Test func nothingCanGoOfNothing() {
        #expect(ConversationWindow([]).dropsMax == 0)
        #expect(ConversationWindow([Self.rules]).dropsMax == 0)
    }
}
