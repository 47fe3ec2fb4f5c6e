import Harmony
import Testing

@testable import HocketMCP

@Suite struct MirroredArgumentsTests {
    private func fields(_ schema: String, _ arguments: String) throws -> [String] {
        let mirrored = try MirroredArguments(schema: try JSONValue(parsing: schema))
        let arguments = try #require(try JSONValue(parsing: arguments).object)
        return mirrored.fields(for: arguments).map { "\($0.name): \($0.value)" }
    }

    @Test func mirrorsAnnotatedArguments() throws {
        let schema = """
            {"type":"object","properties":{
              "region":{"type":"string","x-mcp-header":"Region"},
              "count":{"type":"integer","x-mcp-header":"Count"},
              "dry":{"type":"boolean","x-mcp-header":"Dry-Run"},
              "where":{"type":"object","properties":{
                "zone":{"type":"string","x-mcp-header":"Zone"}}},
              "query":{"type":"string"}}}
            """
        let all = #"{"region":"us","count":42,"dry":true,"where":{"zone":"a"},"query":"x"}"#
        #expect(
            try fields(schema, all) == [
                "Mcp-Param-Region: us", "Mcp-Param-Count: 42", "Mcp-Param-Dry-Run: true",
                "Mcp-Param-Zone: a",
            ]
        )
        #expect(try fields(schema, #"{"region":null,"where":7}"#) == [])
        #expect(try fields(schema, #"{"count":1.5}"#) == [])
    }

    @Test(arguments: [
        #"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
        #"{"properties":{"a":{"type":"object","x-mcp-header":"A"}}}"#,
        #"{"properties":{"a":{"x-mcp-header":"A"}}}"#,
        #"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
        #"{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#,
        #"{"properties":{"a":{"type":"string","x-mcp-header":"a\r\nb"}}}"#,
        #"{"properties":{"a":{"type":"string","x-mcp-header":7}}}"#,
        #"""
        {"properties":{"a":{"type":"string","x-mcp-header":"A"},
        "b":{"type":"string","x-mcp-header":"a"}}}
        """#,
        #"{"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}}"#,
        #"{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#,
        #"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}"#,
    ])
    func refusesAnnotationsThatTheSpecificationForbids(schema: String) throws {
        let value = try JSONValue(parsing: schema)
        #expect(throws: MirroredArguments.Invalid.self) { try MirroredArguments(schema: value) }
    }

    /// The examples of 2026-07-28, Streamable HTTP: Value Encoding.
    @Test(arguments: [
        ("us-west1", "us-west1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
        (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
        ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), ("", ""), ("a b", "a b"),
        ("a\tb", "=?base64?YQli?="),
    ])
    func encodesValues(text: String, value: String) {
        #expect(HeaderValue.encoded(text) == value)
    }
}
