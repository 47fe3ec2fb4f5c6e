import Harmony
import Testing

@Suite struct ConversationHeaderTests {
    @Test(arguments: ["assistant", "user", "all", ""])
    func isNoToolToCall(recipient: String) {
        #expect(!Recipient(rawValue: recipient).isTool)
    }

    @Test(arguments: ["functions.f", "python", "browser.search", "ALL"])
    func isAToolToCall(recipient: String) {
        #expect(Recipient(rawValue: recipient).isTool)
    }

    @Test func namesFunctionsInTheirNamespace() {
        #expect(Recipient.function("f").rawValue == "functions.f")
    }

    @Test(arguments: [
        ("<|constrain|>json", true, "json"),
        ("<|constrain|>", true, ""),
        ("json", false, "json"),
        (" <|constrain|>json", false, " <|constrain|>json"),
    ])
    func knowsTheMarkerOfAContentType(text: String, isConstrained: Bool, name: String) {
        let contentType = ContentType(rawValue: text)
        #expect(contentType.isConstrained == isConstrained)
        #expect(contentType.name == name)
    }

    @Test func changesNothingInALiteral() {
        #expect(("finalx" as Channel).rawValue == "finalx")
        #expect(("all" as Recipient) == .all)
        #expect(("<|constrain|>json" as ContentType) == .json)
    }
}
