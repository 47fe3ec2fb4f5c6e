public import Harmony

/// Something that the models were trained to call, by the name that they call it.
public enum BuiltInFunction: String, Hashable, Sendable, CaseIterable {
    /// Runs the message, which is code.
    case python
    /// Searches the web.
    case search = "browser.search"
    /// Opens a page, or another part of it.
    case open = "browser.open"
    /// Looks for a text in a page.
    case find = "browser.find"

    /// Whom a call is for.
    public var recipient: Recipient { Recipient(rawValue: rawValue) }

    /// The tool that it belongs to.
    public var tool: BuiltInTool {
        switch self {
        case .python: .codeInterpreter
        case .search, .open, .find: .webSearch
        }
    }

    /// The name within its tool's namespace.
    public var name: String {
        switch self {
        case .python: rawValue
        case .search: "search"
        case .open: "open"
        case .find: "find"
        }
    }

    /// How the model is told of it; of code there is nothing to tell but the tool itself.
    var description: ToolDescription {
        let namespace = tool.namespace
        return namespace.tools.first { $0.name == name }
            ?? ToolDescription(name: name, description: namespace.description ?? "")
    }
}
