public import Harmony

/// A tool that the models were trained with, which the API knows by types of its own.
///
/// The model is told of it in the system message, by the namespace that it was trained on, and
/// calls it without a schema of the caller's.
public enum BuiltInTool: Hashable, Sendable, CaseIterable {
    /// A notebook that runs code (`code_interpreter`).
    case codeInterpreter
    /// A web browser (`web_search` and its older names).
    case webSearch

    /// The tool of a type of the API; nil for any other tool.
    public init?(type: String) {
        switch type {
        case "code_interpreter": self = .codeInterpreter
        case "web_search", "web_search_2025_08_26", "web_search_preview",
            "web_search_preview_2025_03_11":
            self = .webSearch
        default: return nil
        }
    }

    /// How the model is told of the tool.
    public var namespace: ToolNamespace {
        switch self {
        case .codeInterpreter: .python
        case .webSearch: .browser
        }
    }

    /// What the model may call of it.
    public var functions: [BuiltInFunction] {
        BuiltInFunction.allCases.filter { $0.tool == self }
    }
}
