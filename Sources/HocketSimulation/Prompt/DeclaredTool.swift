import Harmony

/// A tool as the model is told of it.
struct DeclaredTool: Hashable {
    /// The name after `functions.`.
    var name: String
    /// What the tool does.
    var description: String
    /// What the arguments must fit, nil if there are none or they cannot be read.
    var parameters: JSONValue?
}

extension DeclaredTool {
    /// The tools in the text of a developer message, in the order of their declaration.
    static func all(in text: String) -> [DeclaredTool] {
        var cursor = TypeCursor(text[...])
        guard cursor.take(through: "namespace functions {\n") != nil,
            let body = cursor.take(through: "\n} // namespace functions")
        else { return [] }
        var reader = TypeReader(body)
        var tools: [DeclaredTool] = []
        var comments: [Substring] = []
        while !reader.cursor.rest.isEmpty {
            if let tool = DeclaredTool(reading: &reader, comments) {
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
