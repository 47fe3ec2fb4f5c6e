import Harmony
import NIOCore
import OpenAIAPI
import Testing

/// Declarations of built-in tools, and what the model is shown of them.
@Suite struct BuiltInToolTests {
    private static let code = #"{"type":"code_interpreter","container":{"type":"auto"}}"#
    private static let all: Set<BuiltInTool> = [.codeInterpreter, .webSearch]

    private func request(
        _ tools: String,
        choice: String = #""auto""#,
        serving builtIns: Set<BuiltInTool> = Self.all
    ) throws -> ResponsesRequest {
        let body = #"{"model":"m","input":"x","tools":[\#(tools)],"tool_choice":\#(choice)}"#
        return try ResponsesRequest(body: ByteBuffer(string: body), serving: builtIns)
    }

    private func routes(_ request: ResponsesRequest) -> [ToolCatalog.Route] {
        ToolCatalog(request).entries.map(\.route)
    }

    @Test(arguments: [
        "web_search", "web_search_2025_08_26", "web_search_preview",
        "web_search_preview_2025_03_11",
    ])
    func searchHasSeveralNames(type: String) throws {
        let request = try request(#"{"type":"\#(type)"}"#)
        #expect(routes(request) == [.builtIn(.search), .builtIn(.open), .builtIn(.find)])
        #expect(request.unservedToolTypes.isEmpty)
    }

    @Test func toolsAreInTheSystemMessageAndFunctionsAreNot() throws {
        let function = #"{"type":"function","name":"f"}"#
        let request = try request(#"\#(Self.code),\#(function),{"type":"web_search"}"#)
        let catalog = ToolCatalog(request)
        #expect(catalog.builtIns == ["python": .python, "browser": .browser])
        #expect(catalog.functions?.tools.map(\.name) == ["f"])
        let builder = ConversationBuilder(
            request: request,
            tools: catalog,
            options: PromptOptions(currentDate: nil)
        )
        let messages = try builder.conversation(of: request.input).messages
        guard case .system(let system)? = messages.first?.content.first else {
            Issue.record("there is no system message")
            return
        }
        #expect(system.tools == ["python": .python, "browser": .browser])
    }

    @Test func toolsThatNobodyStandsInForAreIgnored() throws {
        let request = try request(#"\#(Self.code),{"type":"web_search"}"#, serving: [.webSearch])
        #expect(ToolCatalog(request).builtIns.keys.sorted() == ["browser"])
        #expect(request.unservedToolTypes == ["code_interpreter"])
    }

    @Test(arguments: [
        #"{"type":"web_search","filters":{"allowed_domains":["a.example"]}}"#,
        #"{"type":"web_search","external_web_access":false}"#,
        #"{"type":"code_interpreter","container":{"type":"auto","file_ids":["file_1"]}}"#,
    ])
    func toolsThatWouldHaveToBeRestrictedAreIgnored(tool: String) throws {
        let request = try request(tool)
        #expect(routes(request).isEmpty)
        #expect(request.unservedToolTypes.count == 1)
    }

    @Test(arguments: [
        ("1", "tools[0].container"), (#"{"type":"mine"}"#, "tools[0].container.type"),
        (#""""#, "tools[0].container"),
    ])
    func containersThatAreNoneAreRefused(container: String, parameter: String) {
        let tool = #"{"type":"code_interpreter","container":\#(container)}"#
        let error = #expect(throws: APIError.self) { try request(tool) }
        #expect(error?.param == parameter)
        #expect(throws: Never.self) { try request(tool, serving: []) }
    }

    @Test func functionsNamedLikeACodeToolGetANumber() throws {
        let function = #"{"type":"function","name":"python"}"#
        let catalog = ToolCatalog(try request(#"\#(function),\#(Self.code)"#))
        #expect(catalog.names == ["python_2"])
        #expect(catalog.route(recipient: "python") == .builtIn(.python))
        #expect(
            catalog.route(recipient: "functions.python_2") == .function(CallableName("python"))
        )
        let plain = ToolCatalog(try request(function))
        #expect(plain.route(recipient: "python") == .function(CallableName("python")))
    }

    @Test func onlyAllowedToolsAreShown() throws {
        let tools = #"\#(Self.code),{"type":"web_search"}"#
        let choice = #"{"type":"allowed_tools","tools":[{"type":"web_search_preview"}]}"#
        #expect(ToolCatalog(try request(tools, choice: choice)).builtIns.count == 1)
        #expect(routes(try request(tools, choice: #""none""#)).isEmpty)
    }

    @Test func toolThatIsNotThereCannotBeDemanded() throws {
        let choice = #"{"type":"code_interpreter"}"#
        #expect(throws: Never.self) { try request(Self.code, choice: choice) }
        let others: [(tools: String, served: Set<BuiltInTool>)] = [
            (Self.code, []), ("", Self.all), (#"{"type":"web_search"}"#, Self.all), ("", []),
        ]
        for (tools, builtIns) in others {
            let error = #expect(throws: APIError.self) {
                try request(tools, choice: choice, serving: builtIns)
            }
            #expect(error?.param == "tool_choice")
            #expect(error?.httpStatus == 400)
        }
    }
}
