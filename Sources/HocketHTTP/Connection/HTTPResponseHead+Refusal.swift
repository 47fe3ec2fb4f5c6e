import NIOCore
import NIOHTTP1
import OpenAIAPI

extension HTTPResponseHead {
    /// Whether it is what Hummingbird answers to what is no HTTP.
    var isBareRefusal: Bool {
        status == .badRequest && headers["content-length"] == ["0"]
    }

    /// The head of the answer that tells a client of an error and ends its connection.
    init(_ error: APIError, _ fields: HTTPHeaders) {
        self.init(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: error.httpStatus),
            headers: [
                "content-type": "application/json",
                "content-length": "\(error.body.readableBytes)",
                "connection": "close",
            ]
        )
        headers.add(contentsOf: fields)
        if let seconds = error.retryAfterSeconds {
            headers.add(name: "retry-after", value: "\(seconds)")
        }
    }
}
