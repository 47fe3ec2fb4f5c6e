import Foundation
import HocketWire
import NIOCore
import Testing

/// One frame of protocol 1.0: the bytes kept in `Protos/golden/v1`, and what they mean.
///
/// The bytes were written by Google's Python implementation, not by the code under test.
struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let sender: Role
    let stream: UInt32
    let message: WireMessage

    init(_ name: String, from sender: Role, on stream: UInt32 = 0, _ message: WireMessage) {
        self.name = name
        self.sender = sender
        self.stream = stream
        self.message = message
    }

    var testDescription: String { name }

    var bytes: [UInt8] {
        get throws { try Self.bytes(name) }
    }

    /// The folder with a `.bin` and an annotated `.hex` file for each frame.
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent()
        .appending(path: "../../../Protos/golden/v1")

    static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: folder.appending(path: "\(name).bin")))
    }

    /// The bytes that an annotated file spells: the first 48 columns of each line.
    static func annotatedBytes(_ name: String) throws -> [UInt8] {
        let file = folder.appending(path: "\(name).hex")
        return try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .flatMap { $0.prefix(48).split(separator: " ") }
            .map { try #require(UInt8($0, radix: 16)) }
    }

    /// The names of all files of the folder, without their extension.
    static func names(_ fileExtension: String) throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        return Set(
            files.filter { $0.pathExtension == fileExtension }
                .map { $0.deletingPathExtension().lastPathComponent }
        )
    }
}
