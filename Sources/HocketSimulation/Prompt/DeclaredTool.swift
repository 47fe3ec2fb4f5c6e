import Harmony

/// A tool as the model is told of it.
struct DeclaredTool: Hashable {
    /// Where it was declared, which decides how it is called.
    enum Namespace: String {
        /// A function of the caller's or of a server.
        case functions
        /// The built-in browser.
        case browser
        /// The built-in notebook.
        case python
    }

    /// The name within its namespace.
    var name: String
    /// What the tool does.
    var description: String
    /// What the arguments must fit, nil if there are none or they cannot be read.
    var parameters: JSONValue?
    /// Where it was declared.
    var namespace = Namespace.functions

    /// How it is called, without `functions.`.
    var calledName: String { namespace == .browser ? "browser.\(name)" : name }

    /// Whom a call is for.
    var recipient: Recipient {
        namespace == .functions ? .function(name) : Recipient(rawValue: calledName)
    }
}

extension DeclaredTool {
    /// The functions in the text of a developer message, in the order of their declaration.
    static func all(in text: String) -> [DeclaredTool] { all(in: text, of: .functions) }

    /// The built-in tools in the text of a system message.
    static func builtIns(in text: String) -> [DeclaredTool] {
        let browser = all(in: text, of: .browser)
        guard text.contains("## python\n") else { return browser }
        return browser + [DeclaredTool(name: "python", description: "", namespace: .python)]
    }

    private static func all(in text: String, of namespace: Namespace) -> [DeclaredTool] {
        var cursor = TypeCursor(text[...])
        guard cursor.take(through: "namespace \(namespace) {\n") != nil,
            let body = cursor.take(through: "\n} // namespace \(namespace)")
        else { return [] }
        var reader = TypeReader(body)
        var tools: [DeclaredTool] = []
        var comments: [Substring] = []
        while !reader.cursor.rest.isEmpty {
            if var tool = DeclaredTool(reading: &reader, comments) {
                tool.namespace = namespace
                tools.append(tool)
                comments = []
            }
            let line = reader.cursor.takeLine()
            if line.hasPrefix("//") { comments.append(line.dropFirst(3)) }
        }
        return tools
    }

    /// The tool that the next line declares, nil if it declares none.
    private init?(reading reader: inout TypeReader, _ comments: [Substring]) {
        guard reader.cursor.line.hasPrefix("type "),
            let name = reader.cursor.take(through: " = (")?.dropFirst("type ".count)
        else { return nil }
        self.init(
            name: String(name),
            description: comments.joined(separator: "\n"),
            parameters: reader.cursor.take("_:") ? reader.type() : nil
        )
    }
}
