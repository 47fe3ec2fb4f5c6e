import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI

extension RequestEnvelope {
    /// The longest time that a caller can name, a day: no caller waits longer.
    private static let timeoutMillisecondsMax = 86_400_000

    /// What a request came with besides its body.
    ///
    /// - Throws: ``APIError`` with status 400 when `x-request-timeout-ms` is no number of
    ///   milliseconds.
    init(_ request: Request, _ context: BridgeContext) throws(APIError) {
        self.init(
            id: context.requestID,
            trace: context.span?.trace,
            arrivedAt: context.arrivedAt,
            timeout: try Self.timeout(request.headers[.requestTimeout])
        )
    }

    private static func timeout(_ text: String?) throws(APIError) -> TimeAmount? {
        guard let text else { return nil }
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let milliseconds = Int64(text), 1...Int64(timeoutMillisecondsMax) ~= milliseconds
        else {
            throw .invalidValue(
                HTTPField.Name.requestTimeout.rawName,
                "this header is a whole number of milliseconds from 1 to "
                    + "\(timeoutMillisecondsMax)."
            )
        }
        return .milliseconds(milliseconds)
    }
}
