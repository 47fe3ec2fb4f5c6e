import HocketWire
import Testing

/// Columns that contradict each other, the limits or the vocabulary.
@Suite struct StepValidationTests {
    private func step(
        deltas: [UInt64] = [1, 2],
        counts: [UInt64] = [],
        tokens: [UInt64] = [7, 8],
        logprobs: [Float] = [],
        topCount: UInt64 = 0,
        topIDs: [UInt64] = [],
        topLogprobs: [Float] = []
    ) -> WireError.Code? {
        var message = ProtobufBytes()
        message.packed(field: 3, deltas)
        message.packed(field: 4, counts)
        message.packed(field: 5, tokens)
        message.packed(field: 6, floats: logprobs)
        message.varint(field: 7, topCount)
        message.packed(field: 8, topIDs)
        message.packed(field: 9, floats: topLogprobs)
        do {
            _ = try MessageDecoder().content(ofMessage: message.bytes)
            return nil
        } catch {
            return (error as? WireError)?.code
        }
    }

    @Test func columnsThatAgreeAreTaken() {
        #expect(step() == nil)
        #expect(step(deltas: [], tokens: []) == nil)
        #expect(step(deltas: [3], counts: [2]) == nil)
        #expect(step(logprobs: [-1, -2]) == nil)
        #expect(
            step(logprobs: [-1, -2], topCount: 1, topIDs: [7, 8], topLogprobs: [-1, -2]) == nil
        )
    }

    @Test func streamsAreOddAndAscending() {
        #expect(step(deltas: [2, 1]) == .messageInvalid)
        #expect(step(deltas: [1, 1]) == .messageInvalid)
        #expect(step(deltas: [1, 0]) == .messageInvalid)
        #expect(step(deltas: [0, 1]) == .messageInvalid)
        #expect(step(deltas: [0x8000_0001], tokens: [7]) == .messageInvalid)
        #expect(step(deltas: [0x7FFF_FFFF, 2]) == .messageInvalid)
        #expect(step(deltas: [0xFFFF_FFFF, 0xFFFF_FFFE]) == .messageInvalid)
    }

    @Test func countsCoverTheTokens() {
        #expect(step(tokens: [7]) == .messageInvalid)
        #expect(step(tokens: [7, 8, 9]) == .messageInvalid)
        #expect(step(counts: [2]) == .messageInvalid)
        #expect(step(counts: [1, 2]) == .messageInvalid)
        #expect(step(counts: [2, 0]) == .messageInvalid)
        #expect(step(counts: [1, 1, 0]) == .messageInvalid)
        #expect(step(counts: [0xFFFF_FFFF, 3]) == .messageInvalid)
    }

    @Test func tokensAreInTheVocabulary() {
        #expect(step(tokens: [7, 201_087]) == nil)
        #expect(step(tokens: [7, 201_088]) == .messageInvalid)
        #expect(step(tokens: [0xFFFF_FFFF, 7]) == .messageInvalid)
    }

    @Test func logProbabilitiesCoverTheTokens() {
        #expect(step(logprobs: [-1]) == .messageInvalid)
        #expect(step(logprobs: [-1, -2, -3]) == .messageInvalid)
        #expect(step(topIDs: [1, 2], topLogprobs: [1, 2]) == .messageInvalid)
        #expect(
            step(topCount: 1, topIDs: [1, 2], topLogprobs: [1, 2]) == .messageInvalid
        )
        #expect(
            step(logprobs: [-1, -2], topCount: 2, topIDs: [1, 2], topLogprobs: [1, 2])
                == .messageInvalid
        )
        #expect(
            step(logprobs: [-1, -2], topCount: 1, topIDs: [1, 2], topLogprobs: [1])
                == .messageInvalid
        )
        #expect(step(logprobs: [-1, -2], topCount: 0xFFFF_FFFF) == .messageInvalid)
        #expect(
            step(
                logprobs: [-1, -2],
                topCount: 1,
                topIDs: [1, 201_088],
                topLogprobs: [1, 2]
            ) == .messageInvalid
        )
    }
}
