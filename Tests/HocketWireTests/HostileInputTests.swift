import NIOCore
import Testing

@testable import HocketWire

/// Bytes from a peer that means harm, or has gone mad: bounded memory, a typed error, no trap.
@Suite struct HostileInputTests {
    private func code(_ message: [UInt8], type: UInt8, _ decoder: MessageDecoder) -> WireError.Code?
    {
        do throws(WireError) {
            let stream: UInt32 = type == 6 ? 1 : 0
            guard let frame = Self.frame(type: type, stream: stream, message: message) else {
                return nil
            }
            if type == 5 {
                try decoder.withStep(frame) { _ in }
            } else {
                _ = try decoder.decode(frame)
            }
            return nil
        } catch {
            return error.code
        }
    }

    private static func frame(type: UInt8, stream: UInt32, message: [UInt8]) -> Frame? {
        guard let frameType = FrameType(rawValue: type) else { return nil }
        let header = FrameHeader(
            type: frameType,
            flags: [],
            streamID: .router(stream),
            bodyBytes: message.count,
            messageBytes: message.count
        )
        let bytes = frameBytes(type: type, stream: stream, message: message)
        return Frame(header: header, bytes: ByteBuffer(bytes: bytes))
    }

    @Test func unknownFieldsCannotExhaustMemory() {
        var unknown = ProtobufBytes()
        while unknown.bytes.count < 1_000_000 { unknown.varint(field: 100, 1) }
        let decoder = MessageDecoder()
        #expect(code(unknown.bytes, type: 12, decoder) == .arenaExhausted)
        #expect(decoder.arena.highWaterBytes <= decoder.limits.arenaBytesMax)
    }

    @Test func emptySubmessagesCannotExhaustMemory() {
        var models = ProtobufBytes()
        while models.bytes.count < 1_000_000 { models.bytes(field: 11, []) }
        let decoder = MessageDecoder()
        #expect(code(models.bytes, type: 1, decoder) == .arenaExhausted)
        #expect(decoder.arena.highWaterBytes <= decoder.limits.arenaBytesMax)
    }

    @Test func unpackedScalarsAreTakenWithinTheSameBound() throws {
        var step = ProtobufBytes()
        step.varint(field: 3, 1)
        step.varint(field: 4, 3)
        for token: UInt64 in [5, 6, 7] { step.varint(field: 5, token) }
        let decoder = MessageDecoder()
        #expect(
            try decoder.content(ofMessage: step.bytes).rows == [Row(stream: 1, tokens: [5, 6, 7])]
        )
        var many = ProtobufBytes()
        while many.bytes.count < 1_000_000 { many.varint(field: 5, 1) }
        #expect(code(many.bytes, type: 5, decoder) != nil)
        #expect(decoder.arena.highWaterBytes <= decoder.limits.arenaBytesMax)
    }

    @Test func largestHonestStepFits() throws {
        var step = ProtobufBytes()
        step.packed(field: 3, [1])
        let tokens = [UInt64](repeating: 7, count: 1_000_000)
        step.packed(field: 4, [UInt64(tokens.count)])
        step.packed(field: 5, tokens)
        let decoder = MessageDecoder()
        #expect(try decoder.content(ofMessage: step.bytes).rows.first?.tokens.count == 1_000_000)
        #expect(decoder.arena.highWaterBytes > 4_000_000)
    }

    @Test func exhaustedArenaServesTheNextFrame() throws {
        var unknown = ProtobufBytes()
        while unknown.bytes.count < 1_000_000 { unknown.varint(field: 100, 1) }
        let decoder = MessageDecoder()
        #expect(code(unknown.bytes, type: 9, decoder) == .arenaExhausted)
        var ping = ProtobufBytes()
        ping.varint(field: 1, 3)
        let frame = try #require(Self.frame(type: 9, stream: 0, message: ping.bytes))
        #expect(try decoder.decode(frame) == .ping(Ping(nonce: 3, monotonicNanoseconds: 0)))
    }

    @Test func stringsAreUTF8() {
        var status = ProtobufBytes()
        status.bytes(field: 9, [0xC3, 0x28])
        #expect(code(status.bytes, type: 12, MessageDecoder()) == .messageInvalid)
    }

    @Test func stringsWithANULAreRefusedAtAnyDepth() {
        let text = Array("a\0b".utf8)
        var goAway = ProtobufBytes()
        goAway.bytes(field: 4, text)
        #expect(code(goAway.bytes, type: 11, MessageDecoder()) == .messageInvalid)
        var status = ProtobufBytes()
        status.varint(field: 1, 13)
        status.bytes(field: 2, text)
        var finish = ProtobufBytes()
        finish.varint(field: 1, 5)
        finish.bytes(field: 4, status.bytes)
        #expect(code(finish.bytes, type: 6, MessageDecoder()) == .messageInvalid)
    }

    @Test func bytesMayHaveANUL() {
        var event = ProtobufBytes()
        event.bytes(field: 2, Array("a\0b".utf8))
        #expect(code(event.bytes, type: 15, MessageDecoder()) == nil)
    }

    @Test func identifiersHaveSixteenBytes() {
        for count in [0, 15, 17] {
            var hello = ProtobufBytes()
            hello.bytes(field: 4, .init(repeating: 1, count: count))
            #expect(code(hello.bytes, type: 1, MessageDecoder()) == .messageInvalid)
        }
    }

    @Test func numbersOfLaterVersionsAreTakenAsUnspecified() throws {
        var finish = ProtobufBytes()
        finish.varint(field: 1, 77)
        let frame = try #require(Self.frame(type: 6, stream: 1, message: finish.bytes))
        #expect(
            try MessageDecoder().decode(frame) == .finish(Finish(.unspecified, emittedTokens: 0))
        )
    }

    @Test func constraintsOfLaterVersionsAreKnownToBeUnknown() throws {
        var constraint = ProtobufBytes()
        constraint.bytes(field: 99, [1])
        var submit = ProtobufBytes()
        submit.bytes(field: 1, .init(repeating: 1, count: 16))
        submit.bytes(field: 6, constraint.bytes)
        let frame = try #require(Self.frame(type: 3, stream: 1, message: submit.bytes))
        guard case .submit(let message) = try MessageDecoder().decode(frame) else { return }
        #expect(message.constraint == Constraint(.unknown))
    }

    @Test func truncatedMessagesAreMalformed() throws {
        let decoder = MessageDecoder()
        for golden in Golden.cases {
            let parts = try #require(FrameParts(golden.bytes))
            let type = golden.message.frameType.rawValue
            for end in 0..<parts.message.count {
                _ = code(Array(parts.message[..<end]), type: type, decoder)
            }
            #expect(code(Array(parts.message.dropLast()), type: type, decoder) != nil)
        }
    }

    @Test func randomMessagesAreReadOrRefused() {
        var random = SeededGenerator(seed: 2)
        let decoder = MessageDecoder()
        var refused = 0
        for _ in 0..<20_000 {
            let message = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            let type = UInt8.random(in: 1...17, using: &random)
            if code(message, type: type, decoder) != nil { refused += 1 }
        }
        #expect(refused > 15_000)
    }

    @Test func mutatedConversationsEndInFramesOrErrors() throws {
        var random = SeededGenerator(seed: 3)
        let ofWorker = Golden.cases.filter { $0.sender == .worker }
        let conversation = try preface + emptyHello + ofWorker.flatMap { try $0.bytes }
        let decoder = MessageDecoder()
        for _ in 0..<5_000 {
            var bytes = conversation
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                bytes[position] = .random(in: .min ... .max, using: &random)
            }
            var stream = FrameDecoder(receiver: .router)
            stream.append(ByteBuffer(bytes: bytes))
            do throws(WireError) {
                while let frame = try stream.next() {
                    if frame.header.type == .step {
                        try decoder.withStep(frame) { _ in }
                    } else {
                        _ = try decoder.decode(frame)
                    }
                }
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(decoder.arena.highWaterBytes < 1_000_000)
    }

    @Test func halfAHeaderAndSilenceCostsItsBytes() throws {
        var decoder = FrameDecoder(receiver: .router)
        decoder.append(ByteBuffer(bytes: preface + emptyHello))
        #expect(try decoder.next() != nil)
        decoder.append(
            ByteBuffer(bytes: frameBytes(type: 12, length: 1_000_000, messageLength: 1_000_000))
        )
        #expect(try decoder.next() == nil)
        #expect(decoder.bufferedBytes == 16)
    }
}
