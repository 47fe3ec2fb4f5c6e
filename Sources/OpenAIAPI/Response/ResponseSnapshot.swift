import NIOCore

/// A response as it stands at one moment: what events and plain answers show.
struct ResponseSnapshot: Hashable, Sendable {
    /// The response's id.
    let id: String
    /// When it was asked for, in seconds since 1970.
    let createdAt: Int
    /// How far it has come.
    var status = ResponseStatus.queued
    /// When it was completed, in seconds since 1970; nil if it was not.
    var completedAt: Int?
    /// Why it failed, if it did.
    var error: ResponseError?
    /// Why it was cut off, if it was.
    var incompleteReason: IncompleteReason?
    /// The items that are done, in order.
    var output: [ResponseItem] = []
    /// The tokens used; nil until the response is terminal.
    var usage: ResponseUsage?

    /// Creates the snapshot of a response that has not begun.
    init(id: String, createdAt: Int) {
        self.id = id
        self.createdAt = createdAt
    }

    /// Writes the response object with every key that OpenAI sends or Open Responses requires.
    ///
    /// - Parameters:
    ///   - echo: What the response repeats of its request.
    ///   - form: For whom.
    func write(
        with echo: ResponseEcho,
        as form: ItemForm = .shown,
        to json: inout JSONWriter
    ) {
        json.object { json in
            json.member("id", id)
            json.member("object", "response")
            json.member("created_at", createdAt)
            json.member("status", status.rawValue)
            json.rendered(echo.background)
            writeOutcome(to: &json)
            json.rendered(echo.beforeOutput)
            json.member("output") { json in
                json.array(of: output) { item, json in item.write(as: form, to: &json) }
            }
            json.rendered(echo.afterOutput)
            writeUsage(to: &json)
            json.rendered(echo.afterUsage)
        }
    }

    private func writeOutcome(to json: inout JSONWriter) {
        json.member("completed_at", completedAt)
        json.key("error")
        if let error { error.write(to: &json) } else { json.literal("null") }
        json.key("incomplete_details")
        guard let incompleteReason else { return json.literal("null") }
        json.object { json in json.member("reason", incompleteReason.rawValue) }
    }

    private func writeUsage(to json: inout JSONWriter) {
        json.key("usage")
        if let usage { usage.write(to: &json) } else { json.literal("null") }
    }
}
