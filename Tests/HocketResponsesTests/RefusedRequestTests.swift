import HocketEngine
import HocketResponses
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

struct RefusedRequestTests {
    @Test func unknownModelIsNotFound() async throws {
        let bench = ServiceBench(models: [ModelDescription(name: "other", contextTokensMax: 4096)])
        let error = try #require(try await bench.refusal(of: ServiceBench.body()))
        #expect(error == .modelNotFound("gpt-oss-20b"))
        #expect(error.httpStatus == 404)
        #expect(error.param == "model")
    }

    @Test func withoutWorkersEveryModelIsUnavailable() async throws {
        let bench = ServiceBench(models: [])
        let error = try #require(try await bench.refusal(of: ServiceBench.body()))
        #expect(error.httpStatus == 503)
        #expect(error.retryAfterSeconds == 1)
    }

    @Test func promptThatDoesNotFitIsRefusedWithTheNumbers() async throws {
        let promptTokens = try await ServiceBench().promptTokens
        let bench = ServiceBench(
            models: [ModelDescription(name: "gpt-oss-20b", contextTokensMax: promptTokens)]
        )
        let error = try #require(try await bench.refusal(of: ServiceBench.body()))
        #expect(error.httpStatus == 400)
        #expect(error.code == .contextLengthExceeded)
        #expect(error.param == "input")
        #expect(error.message.contains("max: \(promptTokens) tokens"))
        #expect(error.message.contains("actual: \(promptTokens) tokens"))
        #expect(bench.backend.record.requests.isEmpty)
    }

    @Test func promptThatLeavesRoomForOneTokenIsServed() async throws {
        let promptTokens = try await ServiceBench().promptTokens
        let bench = ServiceBench(
            models: [ModelDescription(name: "gpt-oss-20b", contextTokensMax: promptTokens + 1)]
        )
        _ = try await bench.stream(ServiceBench.body(#","max_output_tokens":100"#))
        #expect(bench.backend.record.requests[0].sampling.outputTokensMax == 1)
    }

    @Test(
        arguments: [
            ("", nil),
            ("{", nil),
            ("[]", nil),
            (#"{"input":"Hello"}"#, "model"),
            (#"{"model":"gpt-oss-20b"}"#, "input"),
            (#"{"model":7,"input":"Hello"}"#, "model"),
            (#"{"model":"gpt-oss-20b","input":7}"#, "input"),
            (#"{"model":"gpt-oss-20b","input":"Hello","stream":"yes"}"#, "stream"),
            (#"{"model":"gpt-oss-20b","input":"Hello","temperature":3}"#, "temperature"),
        ] as [(String, String?)]
    )
    func badRequestNamesTheParameter(_ body: String, _ parameter: String?) async throws {
        let error = try #require(try await ServiceBench().refusal(of: ByteBuffer(string: body)))
        #expect(error.httpStatus == 400)
        #expect(error.param == parameter)
        #expect(error.kind == .invalidRequest)
    }
}

extension ServiceBench {
    /// The length of the prompt of ``body(_:stream:)``, as a refusal tells it.
    fileprivate var promptTokens: Int {
        get async throws {
            let tiny = ServiceBench(
                models: [ModelDescription(name: "gpt-oss-20b", contextTokensMax: 1)]
            )
            let message = try #require(try await tiny.refusal(of: Self.body())).message
            let number = message.split(separator: "actual: ").last?.prefix(while: \.isNumber)
            return try #require(number.flatMap { Int($0) })
        }
    }
}
