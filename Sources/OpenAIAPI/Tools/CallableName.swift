/// What a caller calls one of its tools: a name, within a namespace if it declared one.
public struct CallableName: Hashable, Sendable {
    /// The tool's name.
    public var name: String
    /// The namespace in which it was declared.
    public var namespace: String?

    /// Creates a name.
    public init(_ name: String, in namespace: String? = nil) {
        self.name = name
        self.namespace = namespace
    }

    /// The name in one word, as models are shown it.
    var joined: String {
        guard let namespace else { return name }
        return "\(namespace)__\(name)"
    }
}

extension CallableName {
    /// Reads the members of a call that name its tool.
    init(_ reader: ParameterReader) throws(APIError) {
        name = try reader.requiredString("name")
        namespace = try reader.string("namespace")
    }

    /// Writes the members of a call that name its tool.
    func writeMembers(to json: inout JSONWriter) {
        json.member("name", name)
        if let namespace { json.member("namespace", namespace) }
    }
}
