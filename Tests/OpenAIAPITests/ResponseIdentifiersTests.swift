import OpenAIAPI
import Testing

@Suite struct ResponseIdentifiersTests {
    @Test func countsUpWithinAResponse() {
        var identifiers = ResponseIdentifiers.fixed
        let shared = "0123456789abcdef89abcdef"
        #expect(identifiers.response == "resp_\(shared)00000000")
        #expect(identifiers.next(.message) == "msg_\(shared)00000001")
        #expect(identifiers.next(.call) == "call_\(shared)00000002")
    }

    @Test func padsSmallNumbers() {
        struct Zeros: RandomNumberGenerator {
            mutating func next() -> UInt64 { 0 }
        }
        var zeros = Zeros()
        let identifiers = ResponseIdentifiers(using: &zeros)
        #expect(identifiers.response == "resp_" + String(repeating: "0", count: 32))
    }

    @Test func differsBetweenResponses() {
        var generator = SystemRandomNumberGenerator()
        let first = ResponseIdentifiers(using: &generator)
        let second = ResponseIdentifiers(using: &generator)
        #expect(first.response != second.response)
    }
}
