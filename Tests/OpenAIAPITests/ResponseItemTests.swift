import Harmony
import NIOCore
import OpenAIAPI
import Testing

@Suite struct ResponseItemTests {
    /// Items as they are stored and sent back, with every member this server knows.
    private static let items: [String] = [
        #"{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}"#,
        #"{"id":"msg_1","type":"message","status":"completed","role":"assistant","#
            + #""phase":"final_answer","content":[{"type":"output_text","text":"x","#
            + #""annotations":[],"logprobs":[]}]}"#,
        #"{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"s"}],"#
            + #""content":[{"type":"reasoning_text","text":"t"}],"encrypted_content":"e"}"#,
        #"{"id":"fc_1","type":"function_call","status":"completed","arguments":"{}","#
            + #""call_id":"c","name":"f","namespace":"n"}"#,
        #"{"type":"function_call_output","call_id":"c","output":"x"}"#,
        #"{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"x"},"#
            + #"{"type":"input_text","text":"y"}]}"#,
        #"{"id":"ctc_1","type":"custom_tool_call","input":"x","call_id":"c","name":"f"}"#,
        #"{"type":"custom_tool_call_output","call_id":"c","output":"x"}"#,
        #"{"id":"mcpl_1","type":"mcp_list_tools","server_label":"s","tools":[{"name":"t","#
            + #""description":null,"input_schema":{"type":"object"},"annotations":{"a":1}}]}"#,
        #"{"id":"mcpl_1","type":"mcp_list_tools","server_label":"s","tools":[],"error":"gone"}"#,
        #"{"id":"mcp_1","type":"mcp_call","status":"completed","approval_request_id":null,"#
            + #""arguments":"{}","error":null,"name":"t","output":"x","server_label":"s"}"#,
        #"{"id":"mcp_1","type":"mcp_call","status":"failed","approval_request_id":"mcpr_1","#
            + #""arguments":"{}","error":{"type":"mcp_protocol_error","code":-32602,"#
            + #""message":"no"},"name":"t","output":null,"server_label":"s"}"#,
        #"{"id":"mcpr_1","type":"mcp_approval_request","arguments":"{}","name":"t","#
            + #""server_label":"s"}"#,
        #"{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":false,"#
            + #""reason":null}"#,
        #"{"type":"item_reference","id":"msg_1"}"#,
        #"{"type":"web_search_call","id":"ws_1","anything":[1,2]}"#,
    ]

    @Test(arguments: items)
    func isWrittenAsItWasRead(text: String) throws {
        let item = try ResponseItem(JSONValue(parsing: text), at: "input[0]")
        #expect(String(buffer: item.json) == text)
    }
}
