import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// The answer to a request that went well.
    init(json: ByteBuffer) {
        self.init(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: json)
        )
    }
}
