extension ToolNamespace {
    /// Reads namespaces by key; absent and null are none.
    static func map(
        field name: String,
        of fields: JSONFields
    ) throws(ShapeError) -> [String: ToolNamespace] {
        guard let value = try fields.optional(name) else { return [:] }
        return try reading(name) { () throws(ShapeError) in
            var namespaces: [String: ToolNamespace] = [:]
            for member in try JSONFields(value).object.members {
                namespaces[member.key] = try reading(member.key) { () throws(ShapeError) in
                    try ToolNamespace(shape: member.value)
                }
            }
            return namespaces
        }
    }

    /// Namespaces by key in the reference's JSON form, in the byte order of the keys.
    static func json(of namespaces: [String: ToolNamespace]) -> JSONValue {
        var object = JSONObject()
        for (key, namespace) in namespaces.sortedByKey { object[key] = namespace.json }
        return .object(object)
    }

    private init(shape json: JSONValue) throws(ShapeError) {
        let fields = try JSONFields(json)
        self.init(
            name: try fields.requiredString("name"),
            description: try fields.optionalString("description"),
            tools: try fields.requiredArray("tools", of: ToolDescription.init(shape:))
        )
    }

    private var json: JSONValue {
        var object: JSONObject = ["name": .string(name)]
        object["description"] = description.map(JSONValue.string)
        object["tools"] = .array(tools.map(\.json))
        return .object(object)
    }
}

extension ToolDescription {
    fileprivate init(shape json: JSONValue) throws(ShapeError) {
        let fields = try JSONFields(json)
        self.init(
            name: try fields.requiredString("name"),
            description: try fields.requiredString("description"),
            parameters: try fields.optional("parameters")
        )
    }

    fileprivate var json: JSONValue {
        var object: JSONObject = ["name": .string(name), "description": .string(description)]
        object["parameters"] = parameters
        return .object(object)
    }
}

extension [String: ToolNamespace] {
    /// The namespaces in the byte order of their keys, the order in which they are written.
    var sortedByKey: [(key: String, value: ToolNamespace)] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
