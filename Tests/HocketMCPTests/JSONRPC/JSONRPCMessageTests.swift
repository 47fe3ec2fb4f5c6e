import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct JSONRPCMessageTests {
    @Test(arguments: [
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"a"}}"#,
            JSONRPCMessage.request(
                id: .integer(1),
                method: "tools/list",
                params: ["cursor": "a"]
            )
        ),
        (
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            .notification(method: "notifications/initialized", params: nil)
        ),
        (#"{"jsonrpc":"2.0","id":"a","result":{}}"#, .result(id: .string("a"), [:])),
        (#"{"jsonrpc":"2.0","id":2,"result":null}"#, .result(id: .integer(2), nil)),
        (
            #"{"jsonrpc":"2.0","id":3,"error":{"code":-1,"message":"no","data":[7]}}"#,
            .error(id: .integer(3), JSONRPCError(code: -1, message: "no", data: [7]))
        ),
        (
            #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}}"#,
            .error(id: nil, JSONRPCError(code: -32700, message: "parse"))
        ),
    ])
    func readsAndWritesEveryKind(text: String, message: JSONRPCMessage) throws {
        #expect(try JSONRPCMessage.messages(in: Array(text.utf8)) == [message])
        #expect(String(decoding: message.bytes, as: UTF8.self) == text)
    }

    @Test func readsBatches() throws {
        let text = """
            [{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":1,"result":{}}]
            """
        #expect(
            try JSONRPCMessage.messages(in: Array(text.utf8))
                == [.notification(method: "a", params: nil), .result(id: .integer(1), [:])]
        )
    }

    @Test(arguments: [
        "", "nonsense", "{", "1", "\"text\"", "{}", #"{"jsonrpc":"1.0","method":"a"}"#,
        #"{"jsonrpc":"2.0"}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":"2.0","result":{}}"#, #"{"jsonrpc":"2.0","id":1.5,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{"message":"without a code"}}"#,
        #"[{"jsonrpc":"2.0","method":"a"},3]"#,
    ])
    func refusesWhatIsNoMessage(text: String) {
        #expect {
            try JSONRPCMessage.messages(in: Array(text.utf8))
        } throws: { error in
            (error as? ToolError)?.code == .invalidAnswer
        }
    }
}
