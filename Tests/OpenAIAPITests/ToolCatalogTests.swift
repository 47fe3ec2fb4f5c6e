import Harmony
import OpenAIAPI
import Testing

@Suite struct ToolCatalogTests {
    private func catalog(_ names: [String]) throws -> ToolCatalog {
        let tools: [JSONValue] = names.map { ["type": "function", "name": .string($0)] }
        let request = try ResponsesRequest(["model": "m", "input": "x", "tools": .array(tools)])
        return ToolCatalog(request)
    }

    private func names(_ catalog: ToolCatalog) -> [String] {
        catalog.entries.map(\.description.name)
    }

    @Test func keepsPlainNames() throws {
        #expect(names(try catalog(["get_weather", "a-B9"])) == ["get_weather", "a-B9"])
    }

    @Test func writesOddNamesPlainly() throws {
        let odd = "see <|end|> to=x.y"
        let catalog = try catalog([odd])
        #expect(names(catalog) == ["see___end___to_x_y"])
        let route = ToolCatalog.Route.function(CallableName(odd))
        #expect(catalog.route(recipient: "functions.see___end___to_x_y") == route)
        #expect(catalog.recipient(of: route) == "functions.see___end___to_x_y")
    }

    @Test func tellsNamesApartThatBecomeTheSame() throws {
        let long = String(repeating: "n", count: 70)
        let catalog = try catalog(["a.b", "a/b", "a_b", long + "1", long + "2"])
        let shown = names(catalog)
        #expect(shown.prefix(3) == ["a_b", "a_b_2", "a_b_3"])
        #expect(shown[3] == String(repeating: "n", count: 64))
        #expect(shown[4] == String(repeating: "n", count: 62) + "_2")
        #expect(catalog.route(recipient: "a_b_2") == .function(CallableName("a/b")))
    }

    @Test func showsToolsOfANamespaceUnderBothNames() throws {
        let request = try ResponsesRequest(
            [
                "model": "m", "input": "x",
                "tools": [
                    ["type": "function", "name": "a__f"],
                    [
                        "type": "namespace", "name": "a", "description": "A.",
                        "tools": [
                            ["type": "function", "name": "f"], ["type": "custom", "name": "g"],
                        ],
                    ],
                ],
            ]
        )
        let catalog = ToolCatalog(request)
        #expect(names(catalog) == ["a__f", "a__f_2", "a__g"])
        #expect(
            catalog.entries.map(\.route) == [
                .function(CallableName("a__f")), .function(CallableName("f", in: "a")),
                .custom(CallableName("g", in: "a")),
            ]
        )
    }

    @Test func showsTheGrammarOfACustomTool() throws {
        let request = try ResponsesRequest(
            [
                "model": "m", "input": "x",
                "tools": [
                    [
                        "type": "custom", "name": "patch", "description": "Patches.",
                        "format": ["type": "grammar", "syntax": "lark", "definition": "start: x"],
                    ]
                ],
            ]
        )
        let description = try #require(ToolCatalog(request).entries.first?.description)
        #expect(description.description.hasPrefix("Patches.\n\n"))
        #expect(description.description.hasSuffix("lark grammar:\nstart: x"))
        #expect(description.parameters?["required"] == ["input"])
    }

    @Test func knowsNoToolsThatAreNotThere() throws {
        #expect(try catalog(["f"]).route(recipient: "functions.g") == nil)
        #expect(try catalog([]).functions == nil)
    }
}
