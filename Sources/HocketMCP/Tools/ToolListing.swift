import Harmony
import HocketEngine

/// The tools of a server, as it listed them.
struct ToolListing: Sendable {
    /// One tool, with what its calls repeat in their heads.
    struct Entry: Sendable {
        var definition: ToolDefinition
        var mirrored: MirroredArguments
    }

    /// A tool that could not be taken over.
    struct Rejected: Hashable, Sendable {
        var name: String
        var reason: String
    }

    /// All tools that can be used, in the server's order.
    private(set) var entries: [Entry] = []
    /// Those that cannot, for the log.
    private(set) var rejected: [Rejected] = []
    /// How long the server allows the list to be kept; nil if it does not say.
    private(set) var freshMilliseconds: Int?

    /// More tools, or pages, than any model can choose among.
    static let toolsMax = 2048
    static let pagesMax = 128
    /// How many bytes of JSON all tools may have together: they are kept, echoed in every response
    /// that lists them, and shown to the model.
    static let bytesMax = 1 << 20

    private var bytes = 0

    /// Adds one page.
    ///
    /// - Returns: what asks for the next one; nil after the last.
    /// - Throws: ``ToolError`` `invalidAnswer` or `tooLarge`.
    mutating func add(page: JSONValue) throws(ToolError) -> String? {
        guard let tools = page["tools"]?.array else {
            throw ToolError(code: .invalidAnswer, message: "the list of tools has no tools")
        }
        guard entries.count + rejected.count + tools.count <= Self.toolsMax else {
            throw ToolError(
                code: .tooLarge,
                message: "the server has too many tools (max: \(Self.toolsMax))"
            )
        }
        bytes += tools.reduce(0) { $0 + $1.compact.utf8.count }
        guard bytes <= Self.bytesMax else {
            throw ToolError(
                code: .tooLarge,
                message: "the server's list of tools is too large (max: \(Self.bytesMax) bytes)"
            )
        }
        for tool in tools { add(tool) }
        freshMilliseconds = page["ttlMs"]?.integer ?? freshMilliseconds
        return page["nextCursor"]?.string
    }

    /// The tool of a name.
    subscript(name: String) -> Entry? {
        entries.first { $0.definition.name == name }
    }

    private mutating func add(_ tool: JSONValue) {
        guard let name = tool["name"]?.string, !name.isEmpty else {
            return rejected.append(Rejected(name: "", reason: "it has no name"))
        }
        guard self[name] == nil else {
            return rejected.append(Rejected(name: name, reason: "the name is taken"))
        }
        let schema = tool["inputSchema"] ?? ["type": "object"]
        guard schema.object != nil else {
            return rejected.append(Rejected(name: name, reason: "its schema is no object"))
        }
        do throws(MirroredArguments.Invalid) {
            let mirrored = try MirroredArguments(schema: schema)
            entries.append(
                Entry(definition: Self.definition(name, tool, schema), mirrored: mirrored)
            )
        } catch {
            rejected.append(Rejected(name: name, reason: error.reason))
        }
    }

    private static func definition(
        _ name: String,
        _ tool: JSONValue,
        _ schema: JSONValue
    ) -> ToolDefinition {
        ToolDefinition(
            name: name,
            description: tool["description"]?.string ?? tool["title"]?.string,
            inputSchema: schema,
            annotations: tool["annotations"]?.object.map(JSONValue.object)
        )
    }
}
