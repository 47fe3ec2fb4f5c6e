import Harmony
import HocketTesting
import OpenAIAPI
import Testing

@testable import HocketSimulation

/// Values fit the schemas they are made for, and say what the user said where they can.
@Suite struct ValueMakerTests {
    @Test(arguments: [
        #"{}"#,
        #"{"type":["string","null"]}"#,
        #"{"type":"integer","minimum":5,"exclusiveMaximum":6}"#,
        #"{"type":"number","exclusiveMinimum":0.25,"maximum":0.5}"#,
        #"{"type":"integer","multipleOf":7,"minimum":30}"#,
        #"{"type":"integer","maximum":-3}"#,
        #"{"type":"string","minLength":30}"#,
        #"{"type":"string","maxLength":2}"#,
        #"{"type":"array","items":{"type":"boolean"},"minItems":3}"#,
        #"{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}]}"#,
        #"{"type":"array","maxItems":0}"#,
        #"{"const":{"a":1}}"#,
        #"{"enum":[3,null]}"#,
        #"{"anyOf":[{"type":"null"},{"type":"integer"}]}"#,
        #"{"oneOf":[{"type":"string"},{"type":"integer"}]}"#,
        ##"{"allOf":[{"$ref":"#/$defs/a"},{"required":["y"],"properties":{"y":{"const":2}}}],"$defs":{"a":{"type":"object","required":["x"],"properties":{"x":{"type":"string"}}}}}"##,
        ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/leaf"}},"required":["a"],"additionalProperties":false,"$defs":{"leaf":{"enum":["green"]}}}"##,
        ##"{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["next","value"],"properties":{"value":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}}}}}"##,
        ##"{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","required":["branches"],"properties":{"branches":{"type":"array","items":{"$ref":"#/$defs/tree"}}}}}}"##,
    ])
    func valueFitsItsSchema(text: String) throws {
        let schema = try JSONValue(parsing: text)
        var maker = ValueMaker(schema, of: Material("Sing 12 songs of \"the sea\" in Paris."))
        try JSONSchema(schema).check(maker.value())
        var silent = ValueMaker(schema, of: Material(""))
        try JSONSchema(schema).check(silent.value())
    }

    @Test func takesWhatTheUserSaid() throws {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "title": ["type": "string"], "place": ["type": "string"],
                "more": ["type": "string"], "count": ["type": "integer"],
                "part": ["type": "number"], "voice": ["enum": ["alto", "bass"]],
            ],
        ]
        let text = "Write 2.5 or 4 songs for a Bass about \"the sea\" in Paris"
        var maker = ValueMaker(schema, of: Material(text))
        let value = maker.value()
        #expect(value["title"] == "the sea")
        #expect(value["place"] == "Bass")
        #expect(value["more"] == "Paris")
        #expect(value["count"] == 4)
        #expect(value["part"] == 2.5)
        #expect(value["voice"] == "bass")
    }

    @Test func leavesOutWhatIsOptional() throws {
        let schema: JSONValue = [
            "type": "object", "required": ["a"],
            "properties": ["a": ["type": "string"], "b": ["type": "string"]],
        ]
        var maker = ValueMaker(schema, of: Material(""))
        #expect(maker.value() == ["a": "a"])
    }

    @Test func schemaThatOnlyHoldsItselfHasAnEnd() throws {
        var maker = ValueMaker(["$ref": "#"], of: Material(""))
        #expect(maker.value().isNull)
    }
}
