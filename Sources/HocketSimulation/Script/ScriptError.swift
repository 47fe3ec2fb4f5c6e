/// A script that cannot be read.
public struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line at fault, counted from 1.
    public var line: Int
    /// What is wrong with it.
    public var message: String

    /// Line and message.
    public var description: String { "line \(line) of the script: \(message)" }
}
