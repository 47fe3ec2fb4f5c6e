import Harmony
import NIOCore
import OpenAIAPI
import Testing

struct ItemPageTests {
    private static let items = (1...5).map { number in
        ResponseItem.message(MessageItem(id: "msg_\(number)", role: .user, content: []))
    }

    private func page(_ query: [String: String]) throws -> JSONValue {
        let page = try ItemPage(ItemPage.Selection { query[$0] }, of: Self.items)
        return try JSONValue(parsing: String(buffer: page.json))
    }

    @Test(
        arguments: [
            ([:], ["5", "4", "3", "2", "1"], false),
            (["order": "asc"], ["1", "2", "3", "4", "5"], false),
            (["limit": "2"], ["5", "4"], true),
            (["limit": "2", "after": "msg_4"], ["3", "2"], true),
            (["limit": "2", "after": "msg_3"], ["2", "1"], false),
            (["order": "asc", "after": "msg_4"], ["5"], false),
            (["after": "msg_1"], [], false),
        ] as [([String: String], [String], Bool)]
    )
    func takesThePageAskedFor(
        _ query: [String: String],
        _ numbers: [String],
        _ hasMore: Bool
    ) throws {
        let page = try page(query)
        let ids = page["data"]?.array?.compactMap { $0["id"]?.string }
        #expect(ids == numbers.map { "msg_\($0)" })
        #expect(page["has_more"]?.bool == hasMore)
        #expect(page["first_id"]?.string == ids?.first)
        #expect(page["last_id"]?.string == ids?.last)
    }

    @Test func itemsAreReadAsTheyWereWritten() throws {
        var identifiers = ResponseIdentifiers.fixed
        let items = Self.items.map { $0.kept(using: &identifiers) }
        let json = try JSONValue(parsing: String(buffer: ResponseItem.keptJSON(of: items)))
        #expect(try ResponseItem.items(json, at: "input") == items)
    }

    @Test func itemsWithoutIDsAreGivenSomeAndOthersKeepTheirs() throws {
        var identifiers = ResponseIdentifiers.fixed
        let output = FunctionCallOutputItem(callID: "call_1", output: [.inputText("7")])
        let kept = ResponseItem.functionCallOutput(output).kept(using: &identifiers)
        #expect(kept.id?.hasPrefix("fco_") == true)
        #expect(kept.status == .completed)
        #expect(Self.items[0].kept(using: &identifiers).id == "msg_1")
    }
}
