import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

/// The section of an operator's file that says which servers stand in for built-in tools.
@Suite struct BuiltInToolConfigurationTests {
    private func configuration(_ section: String) throws -> MCPConfiguration {
        let text = #"""
            {"mcpServers":{"box":{"command":"box"},"net":{"url":"https://net.example/mcp"}},
            "builtInTools":\#(section)}
            """#
        return try MCPConfiguration(
            JSONValue(parsing: Array(text.utf8)),
            secrets: SecretSource(variable: { _ in nil }, file: { _ in nil })
        )
    }

    @Test func nothingIsMappedUnlessItIsSaid() throws {
        #expect(try configuration("{}").builtInTools == BuiltInToolServers())
    }

    @Test func namesAreThoseOfTheUsualServerUnlessOthersAreSaid() throws {
        let usual = try configuration(
            #"{"code_interpreter":{"server":"box"},"web_search":{"server":"net"}}"#
        )
        #expect(
            usual.builtInTools
                == BuiltInToolServers(
                    codeInterpreter: .init(server: "box", tool: "python", argument: "code"),
                    webSearch: .init(server: "net")
                )
        )
        let other = try configuration(
            #"{"code_interpreter":{"server":"box","tool":"run","argument":"source"}}"#
        )
        #expect(
            other.builtInTools.codeInterpreter
                == .init(server: "box", tool: "run", argument: "source")
        )
    }

    @Test(arguments: [
        ("[]", "builtInTools"),
        (#"{"file_search":{"server":"box"}}"#, "builtInTools.file_search"),
        (#"{"code_interpreter":{}}"#, "builtInTools.code_interpreter.server"),
        (#"{"code_interpreter":{"server":"bax"}}"#, "builtInTools.code_interpreter.server"),
        (#"{"code_interpreter":{"server":7}}"#, "builtInTools.code_interpreter.server"),
        (
            #"{"code_interpreter":{"server":"box","tool":""}}"#,
            "builtInTools.code_interpreter.tool"
        ),
        (
            #"{"code_interpreter":{"server":"box","arg":"x"}}"#,
            "builtInTools.code_interpreter.arg"
        ),
        (
            #"{"web_search":{"server":"net","tool":"search"}}"#,
            "builtInTools.web_search.tool"
        ),
        (#"{"web_search":"net"}"#, "builtInTools.web_search"),
    ])
    func mistakesAreNamed(section: String, field: String) {
        let error = #expect(throws: MCPConfigurationError.self) { try configuration(section) }
        #expect(error?.field == field)
    }
}
