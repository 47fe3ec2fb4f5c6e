import Harmony
import NIOCore
import OpenAIAPI
import Testing

/// Tools of servers under the names by which the model calls them.
@Suite struct MCPCatalogTests {
    private func catalog(
        _ tools: String,
        _ listings: [String: [String]],
        _ members: String = ""
    ) throws -> ToolCatalog {
        let body = #"{"model":"m","input":"x","tools":\#(tools)\#(members)}"#
        let request = try ResponsesRequest(body: ByteBuffer(string: body))
        let listings = listings.mapValues { names in
            names.map { MCPListToolsItem.Tool(name: $0, inputSchema: ["type": "object"]) }
        }
        return ToolCatalog(request, listings: listings)
    }

    private func names(_ catalog: ToolCatalog) -> [String] {
        catalog.entries.map(\.description.name)
    }

    private static let two = #"""
        [{"type":"mcp","server_label":"one"},{"type":"mcp","server_label":"two"},
        {"type":"function","name":"search"}]
        """#

    @Test func keepsNamesThatNobodyElseHas() throws {
        let catalog = try catalog(Self.two, ["one": ["a"], "two": ["b.c"]])
        #expect(names(catalog) == ["search", "a", "b_c"])
        #expect(catalog.route(recipient: "functions.b_c") == .mcp(MCPToolName("b.c", at: "two")))
    }

    @Test func tellsTheSameNameOfTwoServersAndOfTheCallerApart() throws {
        let catalog = try catalog(Self.two, ["one": ["search"], "two": ["search", "x"]])
        #expect(names(catalog) == ["search", "one__search", "two__search", "x"])
        #expect(catalog.route(recipient: "search") == .function(CallableName("search")))
        #expect(
            catalog.route(recipient: "functions.two__search")
                == .mcp(MCPToolName("search", at: "two"))
        )
    }

    @Test func neverShowsNamesOfMoreThan64Characters() throws {
        let long = String(repeating: "n", count: 70)
        let label = String(repeating: "l", count: 70)
        let tools = #"""
            [{"type":"mcp","server_label":"\#(label)1"},{"type":"mcp","server_label":"\#(label)2"}]
            """#
        let catalog = try catalog(
            tools,
            ["\(label)1": [long, "t"], "\(label)2": [long, "t"]]
        )
        let shown = names(catalog)
        #expect(shown.allSatisfy { $0.count <= ToolCatalog.nameCharactersMax })
        #expect(Set(shown).count == 4)
        #expect(shown[1] == String(repeating: "l", count: 24) + "__t")
    }

    @Test func givesTheSameRequestTheSameNames() throws {
        let listings = ["one": ["search", "a", "b"], "two": ["b", "search"]]
        let first = try catalog(Self.two, listings)
        for _ in 0..<20 { #expect(try catalog(Self.two, listings) == first) }
    }

    @Test(arguments: [
        (#","tool_choice":"none""#, []),
        (
            #","tool_choice":{"type":"allowed_tools","tools":[{"type":"mcp","server_label":"two"}]}"#,
            ["b", "c"]
        ),
        (
            #","tool_choice":{"type":"allowed_tools","tools":[{"type":"mcp","server_label":"two","#
                + #""name":"c"}]}"#, ["c"]
        ),
    ])
    func showsOnlyWhatTheChoiceAllows(members: String, shown: [String]) throws {
        let catalog = try catalog(Self.two, ["one": ["a"], "two": ["b", "c"]], members)
        #expect(names(catalog) == shown)
    }

    @Test func showsOnlyAllowedToolsAndKnowsWhichToAskFor() throws {
        let tools = #"""
            [{"type":"mcp","server_label":"s","allowed_tools":["a","b"],
            "require_approval":{"never":{"tool_names":["a"]}}}]
            """#
        let catalog = try catalog(tools, ["s": ["a", "b", "c"]])
        #expect(names(catalog) == ["a", "b"])
        #expect(!catalog.needsApproval(MCPToolName("a", at: "s")))
        #expect(catalog.needsApproval(MCPToolName("b", at: "s")))
        #expect(!catalog.hasCallerTools)
    }
}
