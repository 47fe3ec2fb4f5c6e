import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ToolContentTests {
    private func text(_ json: String) throws -> String {
        try ToolContent(try JSONValue(parsing: json)).text
    }

    @Test(arguments: [
        (#"{"content":[{"type":"text","text":"hello"}]}"#, "hello"),
        (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "a\nb"),
        (#"{"content":[]}"#, ""),
        ("{}", ""),
        (
            #"{"content":[{"type":"image","data":"AAAA","mimeType":"image/png"}]}"#,
            "[image, image/png, 3 bytes]"
        ),
        (
            #"{"content":[{"type":"audio","data":"AA==","mimeType":"audio/wav"}]}"#,
            "[audio, audio/wav, 1 bytes]"
        ),
        (
            #"""
            {"content":[{"type":"resource_link","uri":"file:///a.rs","name":"a.rs",
            "mimeType":"text/x-rust","description":"the entry"}]}
            """#,
            "[link to a resource, a.rs, file:///a.rs, text/x-rust, the entry]"
        ),
        (
            #"{"content":[{"type":"resource","resource":{"uri":"file:///a","text":"fn"}}]}"#,
            "[resource, file:///a]\nfn"
        ),
        (
            #"{"content":[{"type":"resource","resource":{"uri":"x:a","blob":"AAAAAA=="}}]}"#,
            "[resource, x:a, 4 bytes]"
        ),
        (#"{"content":[{"type":"hologram"}]}"#, "[content of an unknown type, hologram]"),
        (#"{"content":[7]}"#, "[content of an unknown type]"),
        (#"{"structuredContent":{"a":1}}"#, #"{"a":1}"#),
        (#"{"content":[{"type":"text","text":""}],"structuredContent":[1]}"#, "\n[1]"),
        (
            #"{"content":[{"type":"text","text":"one"}],"structuredContent":{"n":1}}"#, "one"
        ),
        (
            #"""
            {"content":[{"type":"image","data":"","mimeType":"image/png"}],
            "structuredContent":null}
            """#,
            "[image, image/png, 0 bytes]\nnull"
        ),
    ])
    func makesOneTextOfAllKinds(json: String, expected: String) throws {
        #expect(try text(json) == expected)
    }

    @Test func saysOfAShortenedPictureOnlyThatItIsLarge() throws {
        let data = "AAAA" + LongString.marker(9000) + "AAAA"
        let result = #"{"content":[{"type":"image","mimeType":"image/png","data":"\#(data)"}]}"#
        #expect(try text(result) == "[image, image/png, many bytes]")
    }

    @Test func knowsFailures() throws {
        let failed = #"{"isError":true,"content":[{"type":"text","text":"no such file"}]}"#
        #expect(try ToolContent(try JSONValue(parsing: failed)).isError)
        #expect(try !ToolContent([:]).isError)
    }

    @Test func refusesToBeAskedForMore() throws {
        let asks: JSONValue = [
            "resultType": "input_required",
            "inputRequests": ["a": ["method": "elicitation/create"]],
        ]
        #expect {
            _ = try ToolContent(asks)
        } throws: { error in
            (error as? ToolError)?.cause
                == "its result is 'input_required', it asks for elicitation/create"
        }
        #expect(throws: ToolError.self) { try ToolContent(["resultType": "teleported"]) }
        #expect(throws: ToolError.self) { try ToolContent("text") }
    }
}
