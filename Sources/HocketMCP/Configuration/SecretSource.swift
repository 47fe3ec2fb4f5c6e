/// Where values come from that shall not be in a configuration file.
public struct SecretSource: Sendable {
    /// A variable of the environment; nil if there is none.
    public var variable: @Sendable (_ name: String) -> String?
    /// The contents of a file; nil if it cannot be read.
    public var file: @Sendable (_ path: String) -> String?

    /// Creates a source.
    public init(
        variable: @escaping @Sendable (_ name: String) -> String?,
        file: @escaping @Sendable (_ path: String) -> String?
    ) {
        self.variable = variable
        self.file = file
    }
}
