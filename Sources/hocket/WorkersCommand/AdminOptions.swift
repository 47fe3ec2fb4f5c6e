import ArgumentParser
import AsyncHTTPClient
import Harmony
import NIOCore
import NIOHTTP1
import SystemPackage

/// Asks a running router over its admin socket, and shows what it says.
struct AdminOptions: ParsableArguments {
    /// A list of workers is shorter.
    private static let answerBytesMax = 16 << 20

    /// Where nobody listens now, nobody need be waited for.
    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    @Option(help: "The router's admin socket. [$XDG_RUNTIME_DIR/hocket/admin.sock]")
    var socket: String?

    @Flag(help: "Print the router's answer as it is, in JSON.")
    var json = false

    /// Prints the attached workers.
    ///
    /// - Throws: ``AdminError`` with the router's words when it refuses, and when there is none.
    func showWorkers() async throws {
        try await show(.GET, "/workers")
    }

    /// Changes the workers of a name, and prints them.
    ///
    /// - Throws: ``AdminError`` with the router's words when it refuses, and when there is none.
    func change(_ name: String, _ action: String, body: String? = nil) async throws {
        try await show(.POST, "/workers/\(encoded(name))/\(action)", body)
    }

    /// Prints what a worker says of itself.
    ///
    /// - Throws: ``AdminError`` with the router's words when it refuses, and when there is none.
    func describe(_ name: String) async throws {
        try await show(.GET, "/workers/\(encoded(name))/describe") { answer in
            (answer["description"]?.compact ?? "") + "\n"
        }
    }

    private func show(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        as text: (JSONValue) -> String = { WorkerTable(list: $0).text }
    ) async throws {
        let (status, bytes) = try await answer(to: method, path, body)
        let value = try? JSONValue(parsing: Array(bytes.readableBytesView))
        guard status == .ok, let value else {
            throw AdminError(message: value?["error"]?["message"]?.string ?? "\(status)")
        }
        let output = json ? String(buffer: bytes) + "\n" : text(value)
        _ = try FileDescriptor.standardOutput.writeAll(output.utf8)
    }

    /// A name as a part of a path (RFC 3986 §3.3).
    private func encoded(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = name.utf8.flatMap { byte -> [UInt8] in
            if byte.isUnreserved { return [byte] }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func answer(
        to method: HTTPMethod,
        _ path: String,
        _ body: String?
    ) async throws -> (HTTPResponseStatus, ByteBuffer) {
        let socket = socket ?? SocketFolder.standard.adminSocket
        // The socket's path stands in the place of a host.
        var request = HTTPClientRequest(url: "http+unix://\(encoded(socket))\(path)")
        request.method = method
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        do {
            return try await HTTPClient.withHTTPClient(configuration: Self.configuration) {
                let response = try await $0.execute(request, timeout: .seconds(10))
                let text = try await response.body.collect(upTo: Self.answerBytesMax)
                return (response.status, text)
            }
        } catch {
            throw AdminError(message: "no router answers on \(socket): \(error)")
        }
    }
}

/// Why nothing was shown or changed.
struct AdminError: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}

extension UInt8 {
    /// Whether the character stands for itself in a URL (RFC 3986 §2.3).
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(self)
        }
    }
}
