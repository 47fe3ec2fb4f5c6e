import HocketTesting
import HocketTransport
import Testing

/// A path must fit into a socket address.
@Suite struct SocketPathTests {
    @Test(arguments: [1, 106, 107])
    func takesPathThatFits(bytes: Int) throws {
        let path = try SocketPath(String(repeating: "a", count: bytes))
        #expect(path.string.utf8.count == bytes)
    }

    @Test(arguments: [0, 108, 4096])
    func rejectsPathThatDoesNotFitAndSaysHowLongItIs(bytes: Int) throws {
        let error = #expect(throws: TransportError.self) {
            try SocketPath(String(repeating: "a", count: bytes))
        }
        #expect(error?.code == .pathTooLong)
        #expect(error?.message.contains("107 bytes, not \(bytes)") == true)
    }

    @Test func countsBytesNotCharacters() {
        #expect(throws: TransportError.self) { try SocketPath(String(repeating: "é", count: 54)) }
    }
}
