import HocketEngine
import Logging

extension ToolError {
    /// How many bytes of its own words a server may add to an error: they end in items, in the
    /// store and before the model, and no cap of tokens is meant for them.
    static let wordsBytesMax = 2048
    /// How many bytes of such words a line of the log may have.
    private static let loggedBytesMax = 256

    /// The error as callers may see it: bounded, and without the secrets that the server was given.
    func shown(hiding secrets: KnownSecrets) -> ToolError {
        var shown = self
        shown.message = secrets.masked(message).cut(toBytes: Self.wordsBytesMax)
        shown.cause = cause.map { secrets.masked($0).cut(toBytes: Self.wordsBytesMax) }
        return shown
    }

    /// What the log is told: the server's words so that they cannot be taken for the log's own.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["code": "\(code)", "reason": Self.logged(message)]
        metadata["number"] = number.map { "\($0)" }
        metadata["said"] = cause.map(Self.logged)
        metadata["diagnosis"] = diagnosis.map(Self.logged)
        return metadata
    }

    private static func logged(_ text: String) -> Logger.Metadata.Value {
        .string(text.cut(toBytes: loggedBytesMax).shownInTerminal)
    }
}
