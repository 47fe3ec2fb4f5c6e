import HocketWire
import NIOCore
import Testing

/// Every limit has a test on either side of it.
@Suite struct LimitTests {
    private var limits: WireLimits {
        var limits = WireLimits()
        limits.helloBytesMax = 100
        limits.frameBytesMax = 200
        limits.submitBytesMax = 400
        limits.promptTokensMax = 3
        limits.stepRowsMax = 2
        return limits
    }

    @Test(arguments: [
        (type: FrameType.hello, stream: UInt32(0), max: UInt32(100)),
        (type: .ping, stream: 0, max: 200),
    ])
    func lengthIsCheckedBeforeTheBodyComes(
        limit: (type: FrameType, stream: UInt32, max: UInt32)
    ) {
        let greeting = limit.type == .hello ? preface : preface + emptyHello
        func header(_ length: UInt32) -> [UInt8] {
            frameBytes(type: limit.type.rawValue, length: length, messageLength: length)
        }
        #expect(error(of: greeting + header(limit.max), limits: limits) == nil)
        #expect(error(of: greeting + header(limit.max + 1), limits: limits) == .frameTooLarge)
    }

    @Test func submitIsLongerForItsPromptOnly() {
        func header(_ length: UInt32, _ message: UInt32) -> [UInt8] {
            frameBytes(type: 3, stream: 1, length: length, messageLength: message)
        }
        let greeting = preface + emptyHello
        func code(_ length: UInt32, _ message: UInt32) -> WireError.Code? {
            error(of: greeting + header(length, message), receiver: .worker, limits: limits)
        }
        #expect(code(400, 200) == nil)
        #expect(code(401, 200) == .frameTooLarge)
        #expect(code(400, 201) == .frameTooLarge)
    }

    @Test func ignorableFramesAreLimitedToo() {
        let header = frameBytes(type: 99, flags: 1, length: 201)
        #expect(error(of: preface + emptyHello + header, limits: limits) == .frameTooLarge)
    }

    @Test func promptIsCountedInTokens() throws {
        let submit = try #require(FrameParts(Golden.bytes("submit")))
        func decode(_ tail: [UInt8]) throws -> WireMessage {
            let bytes = frameBytes(type: 3, stream: 1, message: submit.message, tail: tail)
            let received = try frames(of: [preface + emptyHello + bytes], receiver: .worker)
            return try MessageDecoder(limits: limits).decode(received[1])
        }
        guard case .submit(let longest) = try decode(.init(repeating: 1, count: 12)) else {
            Issue.record("not a SUBMIT")
            return
        }
        #expect(longest.prompt == [0x0101_0101, 0x0101_0101, 0x0101_0101])
        #expect(throws: WireError.self) { try decode(.init(repeating: 1, count: 16)) }
        #expect(throws: WireError.self) { try decode(.init(repeating: 1, count: 11)) }
    }

    @Test func rowsAreCounted() throws {
        func decode(_ rows: Int) throws {
            var builder = StepBuilder()
            for row in 0..<rows {
                builder.add(.router(UInt32(2 * row + 1)), tokens: [7].span)
            }
            var buffer = ByteBuffer()
            try builder.write(step: 1, monotonicNanoseconds: 1, into: &buffer)
            let bytes = Array(buffer.readableBytesView)
            let received = try frames(of: [preface + emptyHello + bytes], receiver: .router)
            try MessageDecoder(limits: limits).withStep(received[1]) { _ in }
        }
        #expect(throws: Never.self) { try decode(2) }
        #expect(throws: WireError.self) { try decode(3) }
    }

    @Test func senderRespectsWhatThePeerTakes() throws {
        var peer = PeerLimits()
        peer.frameBytesMax = 40
        peer.submitBytesMax = 60
        peer.promptTokensMax = 5
        let encoder = MessageEncoder(limits: peer)
        func encode(_ message: WireMessage, on stream: UInt32) -> WireError.Code? {
            var buffer = ByteBuffer(string: "before")
            do throws(WireError) {
                try encoder.encode(message, on: .router(stream), into: &buffer)
                return nil
            } catch {
                #expect(buffer == ByteBuffer(string: "before"))
                return error.code
            }
        }
        func query(_ bytes: Int) -> WireMessage {
            .query(Query(method: "m", arguments: .init(repeating: 0, count: bytes)))
        }
        #expect(encode(query(35), on: 1) == nil)
        #expect(encode(query(36), on: 1) == .frameTooLarge)
        func submit(_ tokens: Int) -> WireMessage {
            let prompt = [UInt32](repeating: 1, count: tokens)
            return .submit(Submit(requestID: .init(rawValue: 1), prompt: prompt, creditTokens: 1))
        }
        #expect(encode(submit(5), on: 1) == nil)
        #expect(encode(submit(6), on: 1) == .frameTooLarge)
    }

    @Test func stepOverThePeersLimitKeepsItsRows() throws {
        var peer = PeerLimits()
        peer.frameBytesMax = 20
        var builder = StepBuilder()
        builder.add(.firstOfRouter, tokens: [UInt32](repeating: 200_000, count: 20).span)
        var buffer = ByteBuffer()
        #expect(throws: WireError.self) {
            try builder.write(
                step: 1,
                monotonicNanoseconds: 1,
                limits: peer,
                into: &buffer
            )
        }
        #expect(buffer.readableBytes == 0)
        #expect(builder.tokenCount == 20)
    }

    @Test func zeroStandsForTheDefault() throws {
        let received = try frames(of: [preface + emptyHelloWithIdentity], receiver: .router)
        guard case .hello(let hello) = try MessageDecoder().decode(received[0]) else {
            Issue.record("not a HELLO")
            return
        }
        #expect(hello.limits == PeerLimits())
        #expect(hello.role == nil)
        #expect(hello.vocabulary != .o200kHarmony)
    }

    private var emptyHelloWithIdentity: [UInt8] {
        var message = ProtobufBytes()
        message.bytes(field: 4, .init(repeating: 7, count: 16))
        return frameBytes(type: 1, message: message.bytes)
    }
}
