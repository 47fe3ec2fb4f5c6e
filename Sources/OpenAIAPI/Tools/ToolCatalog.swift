public import Harmony

/// The tools of one request under the names by which the model calls them.
///
/// All are shown to the model as functions of the namespace `functions`. A caller's name is kept
/// where it can stand in a Harmony header; other characters become `_`, names are cut to
/// ``nameCharactersMax``, and a name that is taken gets a number, in the order of declaration, so
/// that the same request always gives the same prompt.
public struct ToolCatalog: Hashable, Sendable {
    /// Where a call goes.
    public enum Route: Hashable, Sendable {
        /// To the caller, as a call of the function that it declared under this name.
        case function(name: String)
    }

    /// One tool.
    public struct Entry: Hashable, Sendable {
        /// How the model is told of the tool; the name is unique in the catalog.
        public let description: ToolDescription
        /// Where a call goes.
        public let route: Route
    }

    /// The most characters of a name that the model is shown.
    public static let nameCharactersMax = 64

    /// The tools that the model is shown, in the order of their declaration.
    public private(set) var entries: [Entry] = []

    /// Creates a catalog without tools.
    public init() {}

    /// Creates the catalog of a request: no tools if it chose `none`, and only the allowed ones if
    /// it named some, since a tool that is not shown is not called.
    public init(_ request: ResponsesRequest) {
        for case .function(let function) in request.tools
        where request.toolChoice.allows(functionName: function.name) {
            append(function)
        }
    }

    /// Whether the model is shown no tools.
    public var isEmpty: Bool { entries.isEmpty }

    /// The names by which the model calls the tools, as they stand after `functions.`.
    public var names: Set<String> { Set(entries.map(\.description.name)) }

    /// The tools as the model is told of them, nil if there are none.
    public var functions: ToolNamespace? {
        entries.isEmpty ? nil : .functions(entries.map(\.description))
    }

    private mutating func append(_ function: FunctionTool) {
        let description = ToolDescription(
            name: unusedName(for: function.name),
            description: function.description ?? "",
            parameters: function.parameters
        )
        entries.append(Entry(description: description, route: .function(name: function.name)))
    }

    private func unusedName(for name: String) -> String {
        let plain = String(name.unicodeScalars.map(Self.plain).prefix(Self.nameCharactersMax))
        let taken = names
        guard taken.contains(plain) else { return plain }
        var number = 2
        while true {
            let suffix = "_\(number)"
            let candidate = plain.prefix(Self.nameCharactersMax - suffix.count) + suffix
            if !taken.contains(String(candidate)) { return String(candidate) }
            number += 1
        }
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Character {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": Character(scalar)
        default: "_"
        }
    }
}
