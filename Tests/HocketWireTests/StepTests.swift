import HocketWire
import NIOCore
import Testing

/// STEP, the frame that matters: columns in, rows out.
@Suite struct StepTests {
    private func golden(_ name: String) throws -> StepContent {
        let bytes = try preface + emptyHello + Golden.bytes(name)
        return try MessageDecoder().content(of: frames(of: [bytes], receiver: .router)[1])
    }

    @Test func oneTokenForEachRowIsRead() throws {
        let expected = StepContent(
            number: 41,
            monotonicNanoseconds: 1_000_000,
            rows: [
                Row(stream: 1, tokens: [200_005]),
                Row(stream: 3, tokens: [17_196]),
                Row(stream: 9, tokens: [200_008]),
            ]
        )
        #expect(try golden("step") == expected)
    }

    @Test func severalTokensForARowAreRead() throws {
        let expected = StepContent(
            number: 42,
            monotonicNanoseconds: 2_000_000,
            rows: [
                Row(stream: 1, tokens: [0, 1, 201_087]),
                Row(stream: StreamID.rawValueMax, tokens: [200_002]),
            ]
        )
        #expect(try golden("step-counts") == expected)
    }

    @Test func logProbabilitiesAreRead() throws {
        let expected = StepContent(
            number: 43,
            monotonicNanoseconds: 3_000_000,
            rows: [
                Row(
                    stream: 5,
                    tokens: [11, 12],
                    logprobs: [-0.5, -1.25],
                    top: [[11, 13], [12, 14]]
                )
            ]
        )
        #expect(try golden("step-logprobs") == expected)
    }

    @Test func rowsAreWrittenAsKept() throws {
        var builder = StepBuilder()
        var buffer = ByteBuffer()
        builder.add(.router(1), tokens: [200_005].span)
        builder.add(.router(3), tokens: [17_196].span)
        builder.add(.router(9), tokens: [200_008].span)
        try builder.write(step: 41, monotonicNanoseconds: 1_000_000, into: &buffer)
        builder.add(.router(1), tokens: [0, 1, 201_087].span)
        builder.add(.router(StreamID.rawValueMax), tokens: [200_002].span)
        try builder.write(step: 42, monotonicNanoseconds: 2_000_000, into: &buffer)
        #expect(
            try Array(buffer.readableBytesView)
                == Golden.bytes("step") + Golden.bytes("step-counts")
        )
    }

    @Test func logProbabilitiesAreWrittenAsKept() throws {
        var builder = StepBuilder(logprobsWithTop: 2)
        var buffer = ByteBuffer()
        builder.add(
            .router(5),
            tokens: [11, 12].span,
            logprobs: [-0.5, -1.25].span,
            topIDs: [11, 13, 12, 14].span,
            topLogprobs: [-0.5, -2, -1.25, -1.5].span
        )
        try builder.write(step: 43, monotonicNanoseconds: 3_000_000, into: &buffer)
        #expect(try Array(buffer.readableBytesView) == Golden.bytes("step-logprobs"))
    }

    @Test func withoutRowsNothingIsWritten() throws {
        var builder = StepBuilder()
        var buffer = ByteBuffer()
        try builder.write(step: 1, monotonicNanoseconds: 1, into: &buffer)
        #expect(buffer.readableBytes == 0)
        #expect(try MessageDecoder().content(ofMessage: []).rows.isEmpty)
    }

    @Test func seededStepsComeBackAsTheyWent() throws {
        var random = SeededGenerator(seed: 1)
        let decoder = MessageDecoder()
        var builder = StepBuilder()
        for number in 0..<500 {
            var stream: UInt32 = 1
            let rows = (0..<Int.random(in: 1...64, using: &random)).map { _ in
                stream += 2 * UInt32.random(in: 1...1000, using: &random)
                let count = Bool.random(using: &random) ? 1 : Int.random(in: 1...9, using: &random)
                return Row(
                    stream: stream,
                    tokens: (0..<count).map { _ in .random(in: 0..<201_088, using: &random) }
                )
            }
            for row in rows { builder.add(.router(row.stream), tokens: row.tokens.span) }
            var buffer = ByteBuffer(bytes: preface + emptyHello)
            try builder.write(step: UInt64(number), monotonicNanoseconds: 5, into: &buffer)
            let bytes = Array(buffer.readableBytesView)
            let received = try frames(of: [bytes], receiver: .router)
            #expect(try decoder.content(of: received[1]).rows == rows)
        }
    }
}
