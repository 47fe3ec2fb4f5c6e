import Harmony
import NIOCore
import OpenAIAPI
import Testing

/// Reasoning that a caller keeps encrypted is read again only as it was written.
@Suite struct ReasoningSealTests {
    private static let body = """
        {"model":"gpt-oss-20b","input":"Hello","stream":true,\
        "include":["reasoning.encrypted_content"]}
        """
    private let seal = ReasoningSeal(key: Array(0..<32))

    private func transcript(_ body: String = Self.body) throws -> Transcript {
        var transcript = try Transcript(body, seal: seal)
        transcript.start()
        transcript.say(["Höm", "."], on: .analysis)
        transcript.say(["Hello"], on: .final)
        transcript.finish()
        return transcript
    }

    private func item() throws -> ResponseItem {
        try ResponseItem(
            try #require(transcript().response["output"]?.array?.first),
            at: "input[0]"
        )
    }

    /// The reasoning item without its reasoning, as a caller keeps it that stores nothing here.
    private func kept() throws -> ReasoningItem {
        guard case .reasoning(var item) = try item() else { throw MissingItem() }
        item.content = []
        return item
    }

    private struct MissingItem: Error {}

    @Test func isInTheItemFromTheBeginning() throws {
        let events = try transcript().data
        let added = events.first { $0["type"] == "response.output_item.added" }
        let done = events.first { $0["type"] == "response.output_item.done" }
        let id = try #require(added?["item"]?["id"]?.string)
        let first = try #require(added?["item"]?["encrypted_content"]?.string)
        let last = try #require(done?["item"]?["encrypted_content"]?.string)
        #expect(seal.opened(first, ofItem: id) == "")
        #expect(seal.opened(last, ofItem: id) == "Höm.")
    }

    @Test func isNotThereUnasked() throws {
        let plain = #"{"model":"gpt-oss-20b","input":"Hello","stream":true}"#
        #expect(try !transcript(plain).events.contains("encrypted_content"))
    }

    @Test func isReadWhereTheReasoningIsNotSentBack() throws {
        let opened = try ResponseItem.reasoning(kept()).opened(with: seal, at: "input[3]")
        guard case .reasoning(let item) = opened else { throw MissingItem() }
        #expect(item.content == ["Höm."])
        // With the reasoning in clear there is nothing to read.
        let whole = try self.item()
        #expect(try whole.opened(with: ReasoningSeal(), at: "input[3]") == whole)
    }

    @Test func ofAnotherKeyIsRefused() throws {
        try expectRefusal(of: kept(), by: ReasoningSeal(key: Array(1..<33)))
    }

    @Test func ofAnotherItemIsRefused() throws {
        var other = try kept()
        other.id = "rs_1"
        try expectRefusal(of: other, by: seal)
        other.id = nil
        try expectRefusal(of: other, by: seal)
    }

    @Test(arguments: 0..<44)
    func thatWasChangedIsRefused(place: Int) throws {
        var item = try kept()
        var text = Array(try #require(item.encryptedContent).utf8)
        text[place] = text[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        item.encryptedContent = String(decoding: text, as: UTF8.self)
        try expectRefusal(of: item, by: seal)
    }

    @Test(arguments: ["", "?", "AQ==", "gAAAAABo", "AQIDBAUGBwgJCgsMDQ4PEA=="])
    func thatNobodyMadeIsRefused(text: String) throws {
        var item = try kept()
        item.encryptedContent = text
        try expectRefusal(of: item, by: seal)
    }

    @Test func isAnotherTextEachTime() throws {
        #expect(try kept().encryptedContent != kept().encryptedContent)
    }

    private func expectRefusal(
        of item: ReasoningItem,
        by seal: ReasoningSeal,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: APIError.self, sourceLocation: sourceLocation) {
            try ResponseItem.reasoning(item).opened(with: seal, at: "input[3]")
        }
        #expect(error?.param == "input[3].encrypted_content", sourceLocation: sourceLocation)
        #expect(error?.code == .invalidEncryptedContent, sourceLocation: sourceLocation)
        #expect(error?.httpStatus == 400, sourceLocation: sourceLocation)
        if let id = item.id {
            #expect(error?.message.contains(id) == true, sourceLocation: sourceLocation)
        }
    }
}
