import Harmony
import HocketTesting
import Testing

@testable import HocketSimulation

/// Types as the renderer writes them become schemas again.
@Suite struct TypeReaderTests {
    @Test(arguments: [
        ("string", #"{"type":"string"}"#),
        ("any", "{}"),
        ("string | null", #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#),
        (#""a" | "b c""#, #"{"enum":["a","b c"]}"#),
        (#""a" | "b"[]"#, #"{"type":"array","items":{"enum":["a","b"]}}"#),
        ("number[][]", #"{"type":"array","items":{"type":"array","items":{"type":"number"}}}"#),
        ("Array<any>", #"{"type":"array"}"#),
        (
            "\n | string // a word\n | number // or a count",
            #"{"anyOf":[{"type":"string"},{"type":"number"}]}"#
        ),
        ("{\n}", #"{"type":"object","properties":{},"required":[]}"#),
        (
            "{\n// Where.\ncity: string,\nunit?: \"c\" | \"f\", // default: c\n}",
            #"{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["c","f"]}},"required":["city"]}"#
        ),
        (
            "{\nkind:\n | \"a\" // default: a\n | null\n,\nmore: {\n    deep: boolean,\n    }[],\n}",
            #"{"type":"object","properties":{"kind":{"anyOf":[{"enum":["a"]},{"type":"null"}]},"more":{"type":"array","items":{"type":"object","properties":{"deep":{"type":"boolean"}},"required":["deep"]}}},"required":["kind","more"]}"#
        ),
        (
            "{\n// A remark\nof two: lines.\na:b-c: string,\n}",
            #"{"type":"object","properties":{"a:b-c":{"type":"string"}},"required":["a:b-c"]}"#
        ),
    ])
    func readsType(text: String, schema: String) throws {
        var reader = TypeReader(text[...])
        #expect(reader.type() == (try JSONValue(parsing: schema)))
    }

    @Test(arguments: ["", "{", "{\na: string,", "song", "\"open", "string |"])
    func readsNothingElse(text: String) {
        var reader = TypeReader(text[...])
        #expect(reader.type() == nil)
    }

    @Test func typeThatIsTooDeepIsNotRead() {
        var reader = TypeReader(String(repeating: "{\na: ", count: 100_000)[...])
        #expect(reader.type() == nil)
    }
}
