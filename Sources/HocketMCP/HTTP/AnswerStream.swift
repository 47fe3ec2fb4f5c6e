import AsyncHTTPClient
import HocketEngine
import NIOHTTP1

/// The body of an answer, over however many HTTP answers it comes.
struct AnswerStream {
    var reader: AnswerBodyReader
    private let formerEventID: String?

    /// - Throws: ``TransportFailure`` for a content type that no answer may have.
    init(
        _ response: HTTPClientResponse,
        limits: ArrivalLimits,
        continuing former: AnswerStream? = nil
    ) throws(TransportFailure) {
        do throws(ToolError) {
            reader = try AnswerBodyReader(
                contentType: response.headers.first(name: "content-type"),
                limits: limits
            )
        } catch {
            throw TransportFailure(error, .kept)
        }
        formerEventID = former?.lastEventID
    }

    /// The last event that has arrived.
    var lastEventID: String? { reader.lastEventID ?? formerEventID }

    /// Whether the server can say what comes after that.
    var canBeResumed: Bool { lastEventID != nil }
}
