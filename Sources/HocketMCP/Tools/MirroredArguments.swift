import Harmony
import HocketEngine

/// The arguments of a tool that an HTTP request repeats in its head, so that a proxy can route
/// by them (`x-mcp-header`; 2026-07-28, Streamable HTTP: Custom Headers from Tool Parameters).
struct MirroredArguments: Hashable, Sendable {
    /// A field of the request's head.
    struct Field: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// Where in the arguments a value is, and the field that repeats it.
    private struct Source: Hashable, Sendable {
        var path: [String]
        var name: String
    }

    private var sources: [Source] = []

    /// Why a tool's schema cannot be used.
    struct Invalid: Error, Hashable {
        var reason: String
    }

    /// Finds the annotations of a schema.
    ///
    /// - Throws: ``Invalid`` for an annotation that the specification forbids: the tool is then
    ///   to be left out, and the others are not.
    init(schema: JSONValue) throws(Invalid) {
        try search(schema, at: [])
        let names = sources.map { $0.name.lowercased() }
        guard Set(names).count == names.count else {
            throw Invalid(reason: "two arguments are mirrored in one header")
        }
    }

    /// The fields for some arguments; what is absent or null has none.
    func fields(for arguments: JSONObject) -> [Field] {
        sources.compactMap { source in
            let value = source.path.reduce(JSONValue.object(arguments) as JSONValue?) { $0?[$1] }
            return value.flatMap(Self.text).map {
                Field(name: "Mcp-Param-" + source.name, value: HeaderValue.encoded($0))
            }
        }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.integer.map(String.init)
        default: nil
        }
    }
}

extension MirroredArguments {
    private static let keyword = "x-mcp-header"

    /// Goes down `properties` alone: an annotation anywhere else makes the tool invalid.
    private mutating func search(_ schema: JSONValue, at path: [String]) throws(Invalid) {
        guard let members = schema.object?.members else { return }
        for member in members where member.key != "properties" {
            guard member.key != Self.keyword else { continue }
            guard !Self.isAnnotated(member.value) else {
                throw Invalid(reason: "an annotation is inside '\(member.key)'")
            }
        }
        guard let properties = schema["properties"]?.object else { return }
        for property in properties.members {
            let path = path + [property.key]
            try note(property.value, at: path)
            try search(property.value, at: path)
        }
    }

    private mutating func note(_ schema: JSONValue, at path: [String]) throws(Invalid) {
        guard let annotation = schema[Self.keyword] else { return }
        guard let name = annotation.string, HeaderValue.isName(name) else {
            throw Invalid(reason: "an annotation is no name of a header")
        }
        guard ["integer", "string", "boolean"].contains(schema["type"]?.string) else {
            throw Invalid(reason: "'\(name)' mirrors an argument that is not primitive")
        }
        sources.append(Source(path: path, name: name))
    }

    /// Whether an annotation is somewhere inside a schema, or in whatever it is.
    private static func isAnnotated(_ value: JSONValue) -> Bool {
        if let array = value.array { return array.contains(where: isAnnotated) }
        guard let members = value.object?.members else { return false }
        return members.contains { $0.key == keyword || isAnnotated($0.value) }
    }
}
