/// A program that is a tool server on its standard input and output.
public struct StdioCommand: Hashable, Sendable {
    /// A name, looked up in `PATH`, or a path.
    public var executable: String
    /// Its arguments, without its own name.
    public var arguments: [String]
    /// Its whole environment; nothing is inherited, since there may be secrets in ours.
    public var environment: [String: String]
    /// The names of the variables that hold secrets.
    public var secretVariables: Set<String>
    /// Where it runs; nil for where this process does.
    public var workingDirectory: String?

    /// Creates a command.
    public init(
        executable: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        secretVariables: Set<String> = [],
        workingDirectory: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.secretVariables = secretVariables
        self.workingDirectory = workingDirectory
    }
}

extension StdioCommand: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The program; arguments and environment may hold secrets.
    public var description: String { executable }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the description, so that no dump shows a secret.
    public var customMirror: Mirror { Mirror(self, children: ["executable": executable]) }
}
