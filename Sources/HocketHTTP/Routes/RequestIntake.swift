import HTTPTypes
import Hummingbird
import NIOCore
import OpenAIAPI

/// Takes in requests that have a body.
///
/// The body comes first and the place among all requests after it: whoever sends slowly takes a
/// connection and what it has sent so far, and keeps nobody else from being answered.
struct RequestIntake: Sendable {
    /// The longest body in bytes.
    let bodyBytesMax: Int
    /// What the bodies of all requests take that were not looked at yet.
    let bodies: ByteBudget
    /// Counts the requests that are being answered.
    let requests: ConcurrencyLimit

    /// A request that was taken in.
    struct Taken: Sendable {
        let body: ByteBuffer
        /// Its part of what all bodies take; let go of it together with the body.
        let share: ByteBudget.Share
        /// Its place among those that are being answered; let go of it after the answer.
        let permit: ConcurrencyLimit.Permit
    }

    /// Reads a request's body, and asks for it first if the client waits for that.
    ///
    /// - Throws: ``APIError`` with status 429 when as many requests are being answered as may be;
    ///   ``UnreadBody`` when the body is too long, or all of them together are.
    func take(_ request: Request, on channel: any Channel) async throws -> Taken {
        // Whoever is refused anyway need not send it.
        guard !requests.isUsedUp else { throw tooManyRequests }
        if request.headers[.expect] != nil {
            channel.triggerUserOutboundEvent(RequestGate.BodyWanted(), promise: nil)
        }
        let share = bodies.share()
        var body = ByteBuffer()
        for try await var part in request.body {
            guard part.readableBytes <= bodyBytesMax - body.readableBytes else {
                throw UnreadBody(error: .bodyTooLarge(bodyBytesMax: bodyBytesMax))
            }
            guard share.grow(by: part.readableBytes) else {
                throw UnreadBody(error: .tooManyBodyBytes(bytesMax: bodies.max))
            }
            body.writeBuffer(&part)
        }
        guard let permit = requests.take() else { throw tooManyRequests }
        return Taken(body: body, share: share, permit: permit)
    }

    private var tooManyRequests: APIError { .tooManyRequests(requestsMax: requests.max) }
}

/// A request is refused whose body was not read to its end: the rest of it is not waited for.
struct UnreadBody: Error {
    let error: APIError
}
