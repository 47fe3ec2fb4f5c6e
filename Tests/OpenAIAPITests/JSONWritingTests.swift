import Harmony
import NIOCore
import Testing

@testable import OpenAIAPI

@Suite struct JSONWritingTests {
    /// Text as the inside of a JSON string, by the code under test.
    private func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeJSONEscaped(bytes.span)
        return Array(buffer.readableBytesView)
    }

    /// The same, by the other writer of the project.
    private func reference(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONValue.write(text, into: &bytes)
        return Array(bytes.dropFirst().dropLast())
    }

    @Test func escapesEveryByteAtEveryPlaceInAWord() {
        for byte in UInt8(0)..<0x80 {
            for length in 1...24 {
                for place in 0..<length {
                    var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                    bytes[place] = byte
                    let text = String(decoding: bytes, as: UTF8.self)
                    #expect(escaped(bytes) == reference(text), "\(byte) at \(place) of \(length)")
                }
            }
        }
    }

    @Test(arguments: ["", "é", "日本語のテキストです", "😀😀😀", "a\u{7F}b\u{2028}c", "\u{1F}\"\\/"])
    func writesTextBeyondASCIIAsItIs(text: String) {
        #expect(escaped(Array(text.utf8)) == reference(text))
    }

    @Test func escapesTextLongerThanOneChunk() {
        let text = String(repeating: "line\n\"quoted\" ", count: 3000)
        #expect(escaped(Array(text.utf8)) == reference(text))
    }

    @Test func putsCommasBetweenAndNowhereElse() {
        var json = JSONWriter()
        json.object { json in
            json.member("a", 1)
            json.member("b") { json in
                json.array { json in
                    json.integer(1)
                    json.object { _ in }
                    json.array { _ in }
                    json.string("x")
                }
            }
            json.rendered(ByteBuffer())
            json.rendered(ByteBuffer(string: "\"c\":2"))
            json.member("d", literal: "null")
            json.member("e", .object(["f": [1.5]]))
        }
        let text = #"{"a":1,"b":[1,{},[],"x"],"c":2,"d":null,"e":{"f":[1.5]}}"#
        #expect(String(buffer: json.buffer) == text)
    }

    @Test(arguments: [0, 9, 10, 99, 100, 12_345, Int.max])
    func writesSequenceNumbersOfAnyLength(number: Int) {
        let frame = DeltaFrame(
            beforeSequence: "event: t\ndata: {\"type\":\"t\",\"sequence_number\":",
            beforeText: ",\"i\":1,\"delta\":\"",
            afterText: "\",\"l\":[]}\n\n"
        )
        var buffer = ByteBuffer()
        buffer.writeDelta(frame, sequence: number, text: "a\"b".utf8.span)
        let data = #"{"type":"t","sequence_number":\#(number),"i":1,"delta":"a\"b","l":[]}"#
        #expect(String(buffer: buffer) == "event: t\ndata: \(data)\n\n")
    }

    @Test func writesErrorsWithAllFourKeys() throws {
        let body = try JSONValue(parsing: String(buffer: APIError.invalidAPIKey.body))
        let error = try #require(body["error"]?.object)
        #expect(error.members.map(\.key) == ["message", "type", "param", "code"])
        #expect(error["param"] == .null)
        #expect(error["code"] == "invalid_api_key")
    }
}
