import Harmony
import HocketHTTP
import HocketTesting
import NIOCore
import Testing

/// Frames, and what is done about those that break the rules.
@Suite(.timeLimit(.minutes(1)))
struct SocketProtocolTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))
    private static let unknown = #"{"type":"response.steer"}"#

    @Test func messageIsReadWhereverItIsCut() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            let bytes = SocketFrame.text(Self.unknown).masked
            for cut in 1..<bytes.count {
                try await socket.connection.send(Array(bytes[..<cut]))
                try await socket.connection.send(Array(bytes[cut...]))
                #expect(try await socket.error()["error"]?["param"] == "type")
            }
        }
    }

    /// A client should wait for the answer to its handshake; one that does not loses nothing.
    @Test func messageRightBehindTheHandshakeIsAnswered() async throws {
        try await LiveServer.run(backend) { server in
            let request = SocketFrame.text(SocketClient.request())
            let socket = try await server.socket(sending: request)
            #expect(try await socket.response().types.last == "response.completed")
        }
    }

    @Test func messageInFragmentsIsOne() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            try await socket.send(.text(#"{"type":"#, isLast: false))
            try await socket.send(SocketFrame(opcode: 9, payload: [1, 2]))
            try await socket.send(.continuation(#""response.st"#, isLast: false))
            try await socket.send(.continuation(#"eer"}"#))
            #expect(try await socket.frame() == SocketFrame(opcode: 10, payload: [1, 2]))
            #expect(try await socket.error()["error"]?["param"] == "type")
        }
    }

    @Test(arguments: [
        (SocketFrame(opcode: 2, payload: [1]).masked, 1003),
        (SocketFrame.text("x").unmasked, 1002),
        (SocketFrame(opcode: 3).masked, 1002),
        (SocketFrame(opcode: 0x41).masked, 1002),
        (SocketFrame.continuation("x").masked, 1002),
        (SocketFrame(opcode: 9, isLast: false).masked, 1002),
        (SocketFrame(opcode: 9, payload: [UInt8](repeating: 0, count: 126)).masked, 1002),
        (SocketFrame(opcode: 1, payload: [0xC3, 0x28]).masked, 1007),
        (SocketFrame.text(String(repeating: "x", count: 5_000)).masked, 1009),
        (SocketFrame(opcode: 8, payload: [3]).masked, 1002),
        (SocketFrame.closing(1005).masked, 1002),
        (SocketFrame.closing(999).masked, 1002),
    ])
    func whatMustNotBeIsAnsweredByClosing(_ bytes: [UInt8], _ code: Int) async throws {
        let options = LiveServer.Options(limits: .with(\.bodyBytesMax, 4_096))
        try await LiveServer.run(backend, options) { server in
            let socket = try await server.socket()
            try await socket.connection.send(bytes)
            #expect(try await socket.closing() == code)
            #expect(try await socket.connection.rest() == "")
        }
    }

    @Test func fragmentsThatAreTooLongTogetherAreAnsweredByClosing() async throws {
        let options = LiveServer.Options(limits: .with(\.bodyBytesMax, 4_096))
        try await LiveServer.run(backend, options) { server in
            let socket = try await server.socket()
            let text = String(repeating: "x", count: 3_000)
            try await socket.send(.text(text, isLast: false))
            try await socket.send(.continuation(text))
            #expect(try await socket.closing() == 1009)
        }
    }

    /// Whoever begins a message ends it, as with a body.
    @Test func messageThatIsNotEndedIsNotWaitedFor() async throws {
        let options = LiveServer.Options(limits: .with(\.bodyTimeout, .milliseconds(200)))
        try await LiveServer.run(backend, options) { server in
            let idle = try await server.socket()
            let socket = try await server.socket()
            try await idle.send(SocketFrame(opcode: 9))
            #expect(try await idle.frame() == SocketFrame(opcode: 10))
            try await socket.send(.text("{", isLast: false))
            #expect(try await socket.closing() == 1008)
            try await idle.send(Self.unknown)
            #expect(try await idle.error()["status"] == 400)
        }
    }

    /// What is held of messages counts together with all bodies.
    @Test func messagesAreHeldOnlyWithinABound() async throws {
        let options = LiveServer.Options(limits: .with(\.bodiesBytesMax, 1_000))
        try await LiveServer.run(backend, options) { server in
            let socket = try await server.socket()
            for _ in 0..<20 {
                try await socket.send(SocketFrame(opcode: 9, payload: [1, 2, 3]))
                #expect(try await socket.frame() == SocketFrame(opcode: 10, payload: [1, 2, 3]))
                try await socket.send(Self.unknown)
                #expect(try await socket.error()["status"] == 400)
            }
            let bytes = SocketFrame.text(String(repeating: "x", count: 2_000)).masked
            try await socket.connection.send(bytes)
            #expect(try await socket.closing() == 1013)
        }
    }

    @Test(arguments: [1000, 1001, 3000, 4999])
    func closingIsAnsweredWithTheSameCode(_ code: UInt16) async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            try await socket.send(.closing(code))
            #expect(try await socket.closing() == Int(code))
            #expect(try await socket.connection.rest() == "")
            try await socket.connection.close()
        }
    }

    /// The client may take its time, but not for ever.
    @Test func clientThatNeverClosesIsCutOff() async throws {
        let options = LiveServer.Options(limits: .with(\.lingerTimeout, .milliseconds(100)))
        try await LiveServer.run(backend, options) { server in
            let socket = try await server.socket()
            try await socket.send(SocketFrame(opcode: 2))
            #expect(try await socket.closing() == 1003)
            // Its own side is still open, so that only writing tells.
            await #expect(throws: (any Error).self) {
                while true {
                    try await socket.send(SocketFrame(opcode: 9))
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }
    }

    @Test func silentSocketIsPinged() async throws {
        let options = LiveServer.Options(keepAliveInterval: .milliseconds(50))
        try await LiveServer.run(backend, options) { server in
            let socket = try await server.socket()
            for _ in 0..<2 { #expect(try await socket.frame() == SocketFrame(opcode: 9)) }
        }
    }

    /// Nobody fills the server's memory with answers that it does not read.
    @Test func nothingIsReadOfAClientThatReadsNothing() async throws {
        let limits = HTTPLimits.with(\.slowClientTimeout, .milliseconds(500))
        try await LiveServer.run(backend, .init(isUnix: true, limits: limits)) { server in
            let socket = try await server.socket()
            try await socket.connection.stopReading()
            let pings = [[UInt8]](
                repeating: SocketFrame(opcode: 9, payload: [UInt8](repeating: 7, count: 125))
                    .masked,
                count: 8_000
            )
            // Writing fails when the server has had enough.
            await #expect(throws: (any Error).self) {
                for _ in 0..<1_000 { try await socket.connection.send(Array(pings.joined())) }
            }
        }
    }
}
