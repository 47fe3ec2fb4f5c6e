import HocketWire
import NIOCore
import Testing

/// The bytes of protocol 1.0, which no later version may read or write otherwise.
@Suite struct GoldenTests {
    @Test func everyFileIsCovered() throws {
        let steps: Set<String> = ["step", "step-counts", "step-logprobs"]
        let covered = steps.union(Golden.cases.map(\.name)).union(["preface"])
        #expect(try Golden.names("bin") == covered)
        #expect(try Golden.names("hex") == covered)
    }

    @Test func everyFrameTypeIsCovered() {
        let types = Set(Golden.cases.map(\.message.frameType)).union([.step])
        #expect(types == Set(FrameType.allCases))
    }

    @Test func annotatedFilesSpellTheBytes() throws {
        for name in try Golden.names("bin") {
            #expect(try Golden.annotatedBytes(name) == Golden.bytes(name), "\(name)")
        }
    }

    @Test func prefaceIsWrittenAsKept() throws {
        var buffer = ByteBuffer()
        Preface.current.write(into: &buffer)
        #expect(try Array(buffer.readableBytesView) == Golden.bytes("preface"))
    }

    @Test(arguments: Golden.cases)
    func messageIsReadFromItsBytes(golden: Golden) throws {
        let received = try frames(
            of: [preface + emptyHello + golden.bytes],
            receiver: golden.sender.peer
        )
        try #require(received.count == 2)
        #expect(received[1].header.streamID.rawValue == golden.stream)
        #expect(try MessageDecoder().decode(received[1]) == golden.message)
    }

    @Test(arguments: Golden.cases)
    func messageIsWrittenAsItsBytes(golden: Golden) throws {
        var buffer = ByteBuffer()
        try MessageEncoder().encode(
            golden.message,
            on: .router(golden.stream),
            into: &buffer
        )
        #expect(try Array(buffer.readableBytesView) == golden.bytes)
    }

    @Test(arguments: Golden.cases)
    func unknownFieldsAreSkipped(golden: Golden) throws {
        var unknown = ProtobufBytes()
        unknown.varint(field: 1000, 7)
        unknown.bytes(field: 1001, [1, 2, 3])
        let bytes = try golden.bytes
        let header = try #require(FrameParts(bytes))
        let extended = frameBytes(
            type: golden.message.frameType.rawValue,
            flags: bytes[5],
            stream: golden.stream,
            message: header.message + unknown.bytes,
            tail: header.tail
        )
        let received = try frames(
            of: [preface + emptyHello + extended],
            receiver: golden.sender.peer
        )
        #expect(try MessageDecoder().decode(received[1]) == golden.message)
    }
}
