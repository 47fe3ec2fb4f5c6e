import Harmony

extension MCPTool {
    /// Reads a server.
    ///
    /// Without `server_url` it is one that the operator configured.
    init(_ reader: ParameterReader) throws(APIError) {
        let label = try reader.requiredString("server_label")
        guard !label.isEmpty else { throw .missingParameter(reader.path(of: "server_label")) }
        self.init(serverLabel: label, location: try Self.location(reader, label: label))
        description = try reader.string("server_description")
        headers = try reader.optional("headers", Self.headers) ?? []
        authorization = try reader.string("authorization").map(Secret.init)
        allowedTools = try reader.optional("allowed_tools", MCPToolFilter.namesOrFilter)
        approval =
            try reader.optional("require_approval", MCPApprovalPolicy.init(_:at:)) ?? approval
        try checkCredentials(reader)
    }

    private static func location(
        _ reader: ParameterReader,
        label: String
    ) throws(APIError) -> Location {
        if reader.value("tunnel_id") != nil {
            throw .invalidValue(reader.path(of: "tunnel_id"), "tunnels are not served.")
        }
        let connector = try reader.string("connector_id")
        guard let url = try reader.string("server_url") else {
            return .configured(name: connector ?? label)
        }
        guard connector == nil else {
            throw .invalidValue(
                reader.path(of: "connector_id"),
                "it cannot be used together with 'server_url'."
            )
        }
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw .invalidValue(
                reader.path(of: "server_url"),
                "it must begin with 'https://'."
            )
        }
        return .url(url)
    }

    private static func headers(_ value: JSONValue, at path: String) throws(APIError) -> [Header] {
        let reader = try ParameterReader(value, at: path)
        var headers: [Header] = []
        for member in reader.object.members {
            let value = try reader.requiredString(member.key)
            headers.append(Header(name: member.key, value: Secret(value)))
        }
        return headers
    }

    private func checkCredentials(_ reader: ParameterReader) throws(APIError) {
        guard authorization != nil else { return }
        if headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            throw .invalidValue(
                reader.path(of: "authorization"),
                "it cannot be used together with a header 'Authorization'."
            )
        }
    }

    /// Writes the echo, without anything that may be a secret: header fields, the token, and what
    /// follows the host in the URL, where some servers want a key.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "mcp")
            json.member("server_label", serverLabel)
            writeLocation(to: &json)
            json.member("server_description", description)
            json.key("allowed_tools")
            if let allowedTools { allowedTools.write(to: &json) } else { json.literal("null") }
            json.member("headers", literal: "null")
            json.member("require_approval", approval.write)
        }
    }

    private func writeLocation(to json: inout JSONWriter) {
        switch location {
        case .url(let url): json.member("server_url", Self.redacted(url))
        case .configured(let name):
            if name != serverLabel { json.member("connector_id", name) }
        }
    }

    /// The scheme and the host of a URL, and whether anything follows them.
    static func redacted(_ url: String) -> String {
        let scheme = url.prefix(while: { $0 != ":" }) + "://"
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let path = rest.dropFirst(authority.count)
        return "\(scheme)\(host)\(path.isEmpty || path == "/" ? path : "/<redacted>")"
    }
}
