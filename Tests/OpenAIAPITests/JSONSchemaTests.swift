import Harmony
import OpenAIAPI
import Testing

@Suite struct JSONSchemaTests {
    /// Where `value` does not follow `schema`, nil if it does.
    private func violation(_ value: String, _ schema: String) throws -> SchemaViolation? {
        let schema = JSONSchema(try JSONValue(parsing: schema))
        do {
            try schema.check(JSONValue(parsing: value))
            return nil
        } catch let violation as SchemaViolation {
            return violation
        }
    }

    @Test(arguments: [
        ("1", "{}"), ("1", "true"), ("1", #"{"type":"integer"}"#), ("1.0", #"{"type":"integer"}"#),
        ("1.5", #"{"type":"number"}"#), ("null", #"{"type":["string","null"]}"#),
        ("null", #"{"type":"string","nullable":true}"#), ("1e0", #"{"enum":["a",1]}"#),
        (#"{"b":1,"a":2}"#, #"{"const":{"a":2,"b":1.0}}"#), ("\"é\"", #"{"maxLength":1}"#),
        ("[1,\"a\",2]", #"{"prefixItems":[{},{"type":"string"}],"items":{"type":"integer"}}"#),
        ("0.3", #"{"multipleOf":0.1}"#), ("5", #"{"not":{"type":"string"}}"#),
        (#"{"x":1}"#, #"{"additionalProperties":{"type":"integer"}}"#),
        ("3", #"{"oneOf":[{"maximum":2},{"minimum":3}]}"#),
        (
            #"{"next":{"next":null}}"#,
            ##"{"properties":{"next":{"anyOf":[{"type":"null"},{"$ref":"#"}]}}}"##
        ),
        ("\"x\"", #"{"pattern":"^y$","format":"email"}"#),
    ])
    func accepts(value: String, schema: String) throws {
        #expect(try violation(value, schema) == nil)
    }

    @Test(arguments: [
        ("1", "false", "$"), ("1.5", #"{"type":"integer"}"#, "$"),
        ("\"1\"", #"{"type":["number","null"]}"#, "$"), ("\"b\"", #"{"enum":["a"]}"#, "$"),
        ("2", #"{"const":1}"#, "$"), (#"{"a":1}"#, #"{"required":["a","b"]}"#, "$"),
        (
            #"{"a":[{"b":"x"}]}"#,
            #"{"properties":{"a":{"items":{"properties":{"b":{"type":"integer"}}}}}}"#, "$.a[0].b"
        ),
        (#"{"a":1,"c":1}"#, #"{"properties":{"a":{}},"additionalProperties":false}"#, "$.c"),
        ("[1,2]", #"{"maxItems":1}"#, "$"), ("[]", #"{"minItems":1}"#, "$"),
        ("\"ab\"", #"{"maxLength":1}"#, "$"), ("\"\"", #"{"minLength":1}"#, "$"),
        ("{}", #"{"minProperties":1}"#, "$"), ("1", #"{"minimum":2}"#, "$"),
        ("2", #"{"exclusiveMaximum":2}"#, "$"), ("2", #"{"exclusiveMinimum":2}"#, "$"),
        ("3", #"{"maximum":2}"#, "$"), ("0.35", #"{"multipleOf":0.1}"#, "$"),
        ("1", #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "$"),
        ("1", #"{"oneOf":[{"type":"integer"},{"type":"number"}]}"#, "$"),
        ("1", #"{"allOf":[{},{"type":"string"}]}"#, "$"), ("1", #"{"not":{}}"#, "$"),
        (
            #"{"x":{"y":1}}"#,
            ##"{"properties":{"x":{"$ref":"#/$defs/a~1b"}},"$defs":{"a/b":{"required":["z"]}}}"##,
            "$.x"
        ),
    ])
    func refuses(value: String, schema: String, path: String) throws {
        #expect(try violation(value, schema)?.path == path)
    }

    @Test func endsWhenAReferenceLeadsToItself() throws {
        #expect(try violation("1", ##"{"$ref":"#"}"##) == nil)
        let tower = ##"{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}"##
        #expect(try violation("1", tower) == nil)
    }
}
