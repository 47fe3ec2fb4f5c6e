import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// Reads the body, and asks for it first if the client waits for that.
    ///
    /// - Throws: `HTTPError` with status 413 when the body is longer than `bytesMax`.
    func body(upTo bytesMax: Int, on channel: any Channel) async throws -> ByteBuffer {
        if headers[.expect] != nil {
            channel.triggerUserOutboundEvent(RequestGate.BodyWanted(), promise: nil)
        }
        return try await body.collect(upTo: bytesMax)
    }
}
