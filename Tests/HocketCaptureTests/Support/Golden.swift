import Foundation
import Testing

/// Files that hold what the code under test must print, byte for byte.
enum Golden {
    /// Set to write the files instead of reading them; the difference is then reviewed in git.
    private static let updateVariable = "HOCKET_UPDATE_GOLDEN"

    /// Expects `text` to be what the file holds.
    static func expect(
        _ text: String,
        in name: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        if ProcessInfo.processInfo.environment[updateVariable] != nil {
            try text.write(to: source(name), atomically: true, encoding: .utf8)
            return
        }
        let url = Bundle.module.bundleURL.appending(path: "Golden/\(name)")
        let expected = try String(contentsOf: url, encoding: .utf8)
        #expect(text == expected, "\(name) differs", sourceLocation: sourceLocation)
    }

    private static func source(_ name: String) -> URL {
        URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/\(name)")
    }
}
