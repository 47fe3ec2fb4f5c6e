import Testing

/// The reader by which other tests judge answers must itself refuse broken ones.
struct WireResponseTests {
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test func readsChunksAndLeavesWhatFollows() throws {
        let text = Self.head + "00000002\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\nHTTP/1.1"
        let parsed = try WireResponse.parse(Array(text.utf8), isEnded: false, answers: "GET")
        let (response, length) = try #require(parsed)
        #expect(response.chunks == ["ab", "0123456789"])
        #expect(length == text.utf8.count - "HTTP/1.1".utf8.count)
    }

    @Test func waitsForEveryByte() throws {
        let bytes = Array((Self.head + "2\r\nab\r\n0\r\n\r\n").utf8)
        for count in 0..<bytes.count {
            let part = Array(bytes[..<count])
            #expect(try WireResponse.parse(part, isEnded: false, answers: "GET") == nil)
        }
        #expect(try WireResponse.parse(bytes, isEnded: false, answers: "GET") != nil)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        head + "2\r\nabc\r\n0\r\n\r\n",
        head + "x\r\n",
        head + "2;name=value\r\nab\r\n",
        head + "2\nab\r\n",
        head + "\r\n2\r\nab\r\n",
        head + "0\r\ntrailer\r\n",
    ])
    func refusesBrokenAnswers(_ text: String) {
        #expect(throws: WireResponse.Malformed.self) {
            try WireResponse.parse(Array(text.utf8), isEnded: true, answers: "GET")
        }
    }
}
