import Harmony
import HocketEngine

extension BuiltInToolServers {
    /// Reads the section `builtInTools`.
    ///
    /// - Parameter labels: The servers that are configured.
    init(
        _ reader: ConfigurationReader,
        servers labels: Set<String>
    ) throws(MCPConfigurationError) {
        try reader.allow(["code_interpreter", "web_search"])
        self.init(
            codeInterpreter: try reader.object("code_interpreter").map {
                section throws(MCPConfigurationError) in
                try CodeInterpreter(section, servers: labels)
            },
            webSearch: try reader.object("web_search").map {
                section throws(MCPConfigurationError) in
                try section.allow(["server"])
                return WebSearch(server: try section.server(among: labels))
            }
        )
    }
}

extension BuiltInToolServers.CodeInterpreter {
    fileprivate init(
        _ reader: ConfigurationReader,
        servers labels: Set<String>
    ) throws(MCPConfigurationError) {
        try reader.allow(["server", "tool", "argument"])
        self.init(server: try reader.server(among: labels))
        tool = try reader.name("tool") ?? tool
        argument = try reader.name("argument") ?? argument
    }
}

extension ConfigurationReader {
    /// The label of a server, which must be configured.
    fileprivate func server(
        among labels: Set<String>
    ) throws(MCPConfigurationError) -> String {
        guard let label = try name("server") else {
            throw fault("server", "it must name one of 'mcpServers'")
        }
        guard labels.contains(label) else {
            let known = labels.sorted().joined(separator: ", ")
            throw fault("server", "'\(label)' is not one of 'mcpServers' (known: \(known))")
        }
        return label
    }

    /// A text that is not empty.
    fileprivate func name(_ key: String) throws(MCPConfigurationError) -> String? {
        guard let name = try string(key) else { return nil }
        guard !name.isEmpty else { throw fault(key, "it must not be empty") }
        return name
    }
}
