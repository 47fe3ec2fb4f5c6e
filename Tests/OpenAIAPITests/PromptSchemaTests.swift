import Harmony
import Testing

@testable import OpenAIAPI

/// What models are shown of schemas whose words they do not know.
@Suite struct PromptSchemaTests {
    @Test(arguments: [
        (##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}"##, #"{"type":"string"}"#),
        (
            ##"{"properties":{"x":{"$ref":"#/$defs/a","description":"X"}},"$defs":{"a":{"type":"integer","description":"A"}}}"##,
            #"{"properties":{"x":{"type":"integer","description":"X"}}}"#
        ),
        (
            ##"{"type":"array","items":{"$ref":"#/$defs/a"},"$defs":{"a":{"enum":["b"]}}}"##,
            #"{"type":"array","items":{"enum":["b"]}}"#
        ),
        (
            #"{"anyOf":[{"type":"string"},{"type":"null"}],"default":null}"#,
            #"{"type":"string","default":null,"nullable":true}"#
        ),
        (
            #"{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}"#,
            #"{"oneOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}"#
        ),
        (
            ##"{"allOf":[{"$ref":"#/$defs/a"}],"title":"T","$defs":{"a":{"type":"boolean"}}}"##,
            #"{"type":"boolean","title":"T"}"#
        ),
        (##"{"$ref":"#/$defs/none"}"##, ##"{"$ref":"#/$defs/none"}"##),
        (#"{"type":"object","properties":{}}"#, #"{"type":"object","properties":{}}"#),
    ])
    func writesWhatModelsAreShown(schema: String, shown: String) throws {
        var written = PromptSchema.shown(try JSONValue(parsing: schema)).object
        written?["$defs"] = nil
        #expect(try written.map(JSONValue.object) == JSONValue(parsing: shown))
    }

    @Test func schemaWithinItselfIsLeftAsItIs() throws {
        let schema = try JSONValue(
            parsing:
                ##"{"properties":{"next":{"$ref":"#"},"list":{"type":"array","items":{"$ref":"#"}}}}"##
        )
        let shown = PromptSchema.shown(schema)
        #expect(shown["properties"]?["next"]?["properties"]?["next"] == ["$ref": "#"])
    }

    @Test func schemaThatDoublesAtEveryStepHasAnEnd() throws {
        let steps = (0..<40).map { step in
            ##""s\##(step)":{"properties":{"a":{"$ref":"#/$defs/s\##(step + 1)"},"b":{"$ref":"#/$defs/s\##(step + 1)"}}}"##
        }
        let text = ##"{"$ref":"#/$defs/s0","$defs":{\##(steps.joined(separator: ",")),"s40":{}}}"##
        #expect(PromptSchema.shown(try JSONValue(parsing: text)).object != nil)
    }

    @Test func optionalAndNestedArgumentsAreShownByTheirTypes() throws {
        let schema = try JSONValue(
            parsing:
                ##"{"type":"object","properties":{"voice":{"$ref":"#/$defs/Voice"},"style":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["voice"],"$defs":{"Voice":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}"##
        )
        let tool = ToolDescription(
            name: "sing",
            description: "",
            parameters: PromptSchema.shown(schema)
        )
        let content = DeveloperContent(tools: ["functions": .functions([tool])])
        let message = Message(role: .developer, content: [.developer(content)])
        let tokens = try HarmonyRenderer().render(
            message,
            conversationHasFunctionTools: true
        )
        let text = Tokenizer().text(of: tokens)
        #expect(text.contains("voice: {\n    name: string,\n    },\nstyle?: string | null,"))
    }
}
