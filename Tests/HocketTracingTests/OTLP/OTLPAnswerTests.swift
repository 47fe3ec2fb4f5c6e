import NIOCore
import Testing

@testable import HocketTracing

/// What a collector's answer means, by the rules of OTLP/HTTP.
struct OTLPAnswerTests {
    @Test(arguments: [200, 202])
    func successIsTaken(status: Int) {
        #expect(OTLPAnswer(status: status, body: Array("{}".utf8)) == .taken(rejected: 0))
    }

    @Test(
        arguments: [
            (#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}}"#, 3),
            (#"{"partialSuccess":{"rejectedSpans":2}}"#, 2),
            (#"{"partialSuccess":{"rejectedSpans":"-1"}}"#, 0),
            (#"{"partialSuccess":{"errorMessage":"a warning"}}"#, 0),
            ("nonsense", 0),
        ]
    )
    func partialSuccessTellsWhatWasRejected(body: String, rejected: Int) {
        let answer = OTLPAnswer(status: 200, body: Array(body.utf8))
        #expect(answer == .taken(rejected: rejected))
    }

    @Test(arguments: [429, 502, 503, 504])
    func busyCollectorIsAskedLater(status: Int) {
        #expect(OTLPAnswer(status: status) == .later(status: status, pause: nil))
    }

    @Test(arguments: [301, 400, 401, 404, 408, 413, 500, 501])
    func othersAreNeverAskedAgain(status: Int) {
        #expect(OTLPAnswer(status: status) == .refused(status: status))
    }

    @Test(
        arguments: [
            ("7", TimeAmount.seconds(7)), ("0", .seconds(0)), ("-1", nil), ("soon", nil),
            ("Wed, 21 Oct 2026 07:28:00 GMT", nil), ("99999999999", nil),
        ]
    )
    func retryAfterIsANumberOfSeconds(text: String, pause: TimeAmount?) {
        let answer = OTLPAnswer(status: 503, retryAfter: text)
        #expect(answer == .later(status: 503, pause: pause))
    }
}
