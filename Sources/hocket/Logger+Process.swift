import ArgumentParser
import Logging

extension Logger {
    /// The process's logger, to standard error.
    static func process(_ label: String, level: Logger.Level) -> Logger {
        var logger = Logger(label: label) { label in
            StreamLogHandler.standardError(label: label)
        }
        logger.logLevel = level
        return logger
    }
}

extension Logger.Level {
    /// Reads a flag or a setting.
    ///
    /// - Throws: `ValidationError` for what is no level.
    init(flag: String) throws {
        guard let level = Logger.Level(rawValue: flag) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(flag)' is no log level; the levels are \(levels).")
        }
        self = level
    }
}
