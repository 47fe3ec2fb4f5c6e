import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ToolListingTests {
    @Test func takesToolsOverInTheirOrder() throws {
        var listing = ToolListing()
        let page: JSONValue = [
            "tools": [
                [
                    "name": "b", "description": "does b", "inputSchema": ["type": "object"],
                    "annotations": ["readOnlyHint": true],
                ],
                ["name": "a", "title": "Does A"],
            ],
            "nextCursor": "2", "ttlMs": 500,
        ]
        #expect(try listing.add(page: page) == "2")
        #expect(try listing.add(page: ["tools": []]) == nil)
        #expect(listing.entries.map(\.definition.name) == ["b", "a"])
        #expect(listing.entries.map(\.definition.isReadOnly) == [true, false])
        #expect(listing.entries.map(\.definition.description) == ["does b", "Does A"])
        #expect(listing["a"]?.definition.inputSchema == ["type": "object"])
        #expect(listing.freshMilliseconds == 500)
    }

    @Test func leavesOutOnlyWhatCannotBeUsed() throws {
        var listing = ToolListing()
        let page: JSONValue = [
            "tools": [
                ["name": "good"], ["name": "good"], ["description": "no name"], 7,
                ["name": "odd", "inputSchema": "no schema"],
                [
                    "name": "mirrored",
                    "inputSchema": [
                        "properties": ["a": ["type": "number", "x-mcp-header": "A"]]
                    ],
                ],
            ]
        ]
        _ = try listing.add(page: page)
        #expect(listing.entries.map(\.definition.name) == ["good"])
        #expect(listing.rejected.map(\.name) == ["good", "", "", "odd", "mirrored"])
    }

    @Test func boundsTheNumberOfTools() {
        var listing = ToolListing()
        let tools = (0...ToolListing.toolsMax).map { JSONValue.object(["name": .string("t\($0)")]) }
        #expect(throws: ToolError.self) { try listing.add(page: ["tools": .array(tools)]) }
        #expect(throws: ToolError.self) { try listing.add(page: [:]) }
    }

    @Test func boundsTheBytesOfAllTools() throws {
        var listing = ToolListing()
        let half = JSONValue.string(String(repeating: "x", count: ToolListing.bytesMax / 2))
        _ = try listing.add(page: ["tools": [["name": "a", "description": half]]])
        let error = #expect(throws: ToolError.self) {
            try listing.add(page: ["tools": [["name": "b", "description": half]]])
        }
        #expect(error?.code == .tooLarge)
        #expect(error?.message.contains("\(ToolListing.bytesMax)") == true)
    }
}
