extension DeveloperContent {
    init(_ fields: JSONFields) throws(ShapeError) {
        self.init(
            instructions: try fields.optionalString("instructions"),
            tools: try ToolNamespace.map(field: "tools", of: fields)
        )
    }

    var json: [JSONValue] {
        var object: JSONObject = ["type": "developer_content"]
        object["instructions"] = instructions.map(JSONValue.string)
        object["tools"] = tools.isEmpty ? nil : ToolNamespace.json(of: tools)
        guard !responseFormats.isEmpty else { return [.object(object)] }
        let text = (hasSectionsBeforeFormats ? "\n\n" : "") + responseFormatsSection
        return [.object(object), ["type": "text", "text": .string(text)]]
    }
}
