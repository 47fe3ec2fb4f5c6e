import ArgumentParser
import CoreMetrics
import Glibc
import Harmony
import HocketEngine
import HocketMCP
import HocketResponses
import Logging
import SystemPackage

/// The tool servers of a router, as its operator configured them.
struct ToolServers {
    /// Calls their tools; runs as a service.
    let caller: MCPToolCaller
    /// Which servers stand in for built-in tools.
    let builtInTools: BuiltInToolServers
    /// How much is called for one response.
    let limits: ToolLoopLimits

    init(
        _ configuration: MCPConfiguration,
        on eventLoops: RouterEventLoops,
        tap: any ToolMessageTap,
        metrics: any MetricsFactory,
        logger: Logger
    ) {
        var options = configuration.options
        options.clientVersion = Version.build
        caller = MCPToolCaller(
            servers: configuration.servers,
            options: options,
            group: eventLoops.traffic,
            tap: tap,
            metrics: metrics,
            logger: logger
        )
        builtInTools = configuration.builtInTools
        limits = ToolLoopLimits(configuration.loop)
    }
}

extension MCPConfiguration {
    /// The largest configuration file that is read.
    private static let bytesMax = 1 << 20

    /// Reads a configuration file.
    init(path: String) throws {
        guard let bytes = try? FileDescriptor.contents(ofFile: path, bytesMax: Self.bytesMax) else {
            throw ValidationError("--mcp-config: '\(path)' cannot be read.")
        }
        do {
            try self.init(
                try JSONValue(parsing: bytes),
                secrets: SecretSource(
                    variable: { name in unsafe getenv(name).map { unsafe String(cString: $0) } },
                    file: { path in
                        let bytes = try? FileDescriptor.contents(
                            ofFile: path,
                            bytesMax: Self.bytesMax
                        )
                        return bytes.map { String(decoding: $0, as: UTF8.self) }
                    }
                )
            )
        } catch let error as MCPConfigurationError {
            throw ValidationError("--mcp-config: \(error).")
        } catch let error as JSONError {
            throw ValidationError("--mcp-config: '\(path)' is not valid JSON: \(error).")
        }
    }
}

extension FileDescriptor {
    /// All bytes of a file.
    fileprivate static func contents(ofFile path: String, bytesMax: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        return try file.closeAfter {
            var contents: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65536)
            while contents.count <= bytesMax {
                let count = unsafe try chunk.withUnsafeMutableBytes { buffer in
                    unsafe try file.read(into: buffer)
                }
                if count == 0 { return contents }
                contents += chunk.prefix(count)
            }
            throw Errno.fileTooLarge
        }
    }
}

extension ToolLoopLimits {
    /// The limits of a configuration, and the standard ones where it says nothing.
    fileprivate init(_ loop: MCPConfiguration.Loop) {
        self.init()
        roundsMax = loop.rounds ?? roundsMax
        callsMax = loop.calls ?? callsMax
        timeMax = loop.seconds.map { .seconds($0) } ?? timeMax
    }
}
