import NIOCore
import OpenAIAPI
import Testing

/// What is said over a WebSocket besides the events of responses.
struct MessageTests {
    private func request(_ message: String) throws(APIError) -> ResponsesRequest {
        try ResponsesRequest(message: ByteBuffer(string: message))
    }

    @Test(arguments: ["", #","stream":false"#, #","stream":true"#])
    func messageIsARequestForEvents(_ members: String) throws {
        let request = try request(
            #"{"type":"response.create","model":"m","input":"Hi","store":false\#(members)}"#
        )
        #expect(request.model == "m")
        #expect(request.stream)
        #expect(!request.store)
    }

    @Test(arguments: [
        (#"{"model":"m","input":"Hi"}"#, "missing_required_parameter", "type"),
        (#"{"type":"response.steer"}"#, "invalid_value", "type"),
        (#"{"type":1}"#, "invalid_type", "type"),
        (#"{"type":"response.create","model":"m"}"#, "missing_required_parameter", "input"),
        (
            #"{"type":"response.create","model":"m","input":"Hi","background":true}"#,
            "invalid_value", "background"
        ),
    ])
    func messageThatCannotBeServedNamesWhatIsWrong(
        _ message: String,
        _ code: String,
        _ parameter: String
    ) throws {
        let error = try #require(throws: APIError.self) { try request(message) }
        #expect(error.httpStatus == 400)
        #expect(error.code?.rawValue == code)
        #expect(error.param == parameter)
    }

    @Test func errorIsAnEventThatTellsItsStatus() {
        #expect(
            String(buffer: APIError.previousResponseNotFound("resp_1").event) == """
                event: error
                data: {"type":"error","status":400,"error":{"message":"Previous response with id \
                'resp_1' not found.","type":"invalid_request_error","param":"previous_response_id",\
                "code":"previous_response_not_found"}}


                """
        )
    }
}
