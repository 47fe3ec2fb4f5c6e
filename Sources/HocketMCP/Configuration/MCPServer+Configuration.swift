import Harmony
import HocketEngine

extension MCPServer {
    /// Reads one member of `mcpServers`.
    init(
        label: String,
        _ value: JSONValue,
        _ secrets: SecretSource
    ) throws(MCPConfigurationError) {
        let reader = try ConfigurationReader(value, at: "mcpServers.\(label)")
        let connection: Connection
        if let url = try reader.string("url") {
            connection = .http(url: url, headers: try Self.headers(reader, url, secrets))
        } else {
            connection = .stdio(try StdioCommand(reader, secrets))
        }
        self.init(label: label, connection: connection)
    }

    private static func headers(
        _ reader: ConfigurationReader,
        _ url: String,
        _ secrets: SecretSource
    ) throws(MCPConfigurationError) -> [ToolServer.Header] {
        try reader.allow(["url", "headers"])
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw reader.fault("url", "it must begin with https:// or http://")
        }
        return try reader.secrets("headers", from: secrets).map { name, value in
            ToolServer.Header(name: name, value: value)
        }
    }
}

extension StdioCommand {
    fileprivate init(
        _ reader: ConfigurationReader,
        _ secrets: SecretSource
    ) throws(MCPConfigurationError) {
        try reader.allow(["command", "args", "env", "cwd"])
        guard let command = try reader.string("command"), !command.isEmpty else {
            throw reader.fault("command", "a server has a 'url' or a 'command'")
        }
        var environment: [String: String] = [:]
        for (name, value) in try reader.secrets("env", from: secrets) { environment[name] = value }
        // What is in the file for everybody to read is no secret.
        let secretMembers = try reader.members("env").filter { $0.value.string == nil }
        self.init(
            executable: command,
            arguments: try reader.strings("args"),
            environment: environment,
            secretVariables: Set(secretMembers.map(\.key)),
            workingDirectory: try reader.string("cwd")
        )
    }
}

extension ConfigurationReader {
    /// Named values, each in the file or from elsewhere: `"v"`, `{"env": "NAME"}`,
    /// `{"file": "/path"}`, the latter two with a `prefix` if there is one.
    fileprivate func secrets(
        _ key: String,
        from source: SecretSource
    ) throws(MCPConfigurationError) -> [(String, String)] {
        try members(key).map { name, value throws(MCPConfigurationError) in
            if let text = value.string { return (name, text) }
            let reader = try ConfigurationReader(value, at: path(of: "\(key).\(name)"))
            return (name, try reader.secret(from: source))
        }
    }

    private func secret(from source: SecretSource) throws(MCPConfigurationError) -> String {
        try allow(["env", "file", "prefix"])
        let prefix = try string("prefix") ?? ""
        switch (try string("env"), try string("file")) {
        case (let name?, nil):
            guard let value = source.variable(name) else {
                throw fault("env", "there is no variable '\(name)' in the environment")
            }
            return prefix + value
        case (nil, let path?):
            guard let value = source.file(path) else {
                throw fault("file", "'\(path)' cannot be read")
            }
            // Who writes a secret to a file mostly ends its line.
            return prefix + (value.last?.isNewline == true ? String(value.dropLast()) : value)
        default: throw fault("env", "a value has an 'env' or a 'file', and not both")
        }
    }
}
