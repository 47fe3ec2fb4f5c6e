/// Which tool servers stand in for the tools that the models were trained with, as the operator
/// says.
///
/// What is nil is not offered to any model.
public struct BuiltInToolServers: Hashable, Sendable {
    /// A tool that runs code: it takes a text and answers with what the code printed.
    public struct CodeInterpreter: Hashable, Sendable {
        /// The label of its server.
        public var server: String
        /// The tool's name on its server.
        public var tool: String
        /// The name of the argument that takes the code.
        public var argument: String

        /// Creates a tool; its names are those of gpt-oss's own server.
        public init(server: String, tool: String = "python", argument: String = "code") {
            self.server = server
            self.tool = tool
            self.argument = argument
        }
    }

    /// A web browser: a server with the tools `search`, `open` and `find`.
    public struct WebSearch: Hashable, Sendable {
        /// The label of the server.
        public var server: String

        /// Creates a browser.
        public init(server: String) {
            self.server = server
        }
    }

    /// What runs code (`code_interpreter`).
    public var codeInterpreter: CodeInterpreter?
    /// What browses (`web_search`).
    public var webSearch: WebSearch?

    /// Creates a mapping.
    public init(codeInterpreter: CodeInterpreter? = nil, webSearch: WebSearch? = nil) {
        self.codeInterpreter = codeInterpreter
        self.webSearch = webSearch
    }
}
