/// The response as a whole.
extension ResponseEventMachine {
    /// The response waits for a worker (background responses only).
    public mutating func responseQueued() {
        precondition(events.sequence == 0, "a response is queued before anything else")
        writeResponse("response.created")
        writeResponse("response.queued")
    }

    /// The response is being made: `response.created`, unless it was queued, and
    /// `response.in_progress`.
    public mutating func responseStarted() {
        precondition(snapshot.status == .queued, "a response starts once")
        let wasQueued = events.sequence > 0
        snapshot.status = .inProgress
        if !wasQueued { writeResponse("response.created") }
        writeResponse("response.in_progress")
    }

    /// Nothing more will be sampled: the response is complete, or incomplete if the last round ran
    /// into its limit, or failed if the model ended without an answer.
    ///
    /// - Parameter now: The time, in seconds since 1970.
    public mutating func responseFinished(at now: Int) {
        switch round.outcome {
        case .limited: finish(.incomplete, reason: .maxOutputTokens)
        case .answered: finish(.completed, completedAt: now)
        case .unanswered(let message):
            responseFailed(ResponseError(code: .serverError, message: message))
        }
    }

    /// The response cannot be made.
    ///
    /// What exists of it is kept; an open item is closed as incomplete.
    public mutating func responseFailed(_ error: ResponseError) {
        endItem(as: .incomplete)
        if dialect == .openResponses { writeError(error) }
        finish(.failed, error: error)
    }

    /// Nobody wants the response any more.
    ///
    /// What exists of it is kept.
    ///
    /// No schema has an event for this; a stream that is still attached ends with
    /// `response.failed`, whose response says `cancelled` (RESPONSES.md §7).
    public mutating func responseCancelled() {
        endItem(as: .incomplete)
        finish(.cancelled)
    }

    private mutating func finish(
        _ status: ResponseStatus,
        completedAt: Int? = nil,
        reason: IncompleteReason? = nil,
        error: ResponseError? = nil
    ) {
        precondition(!snapshot.status.isTerminal, "a response ends once")
        snapshot.status = status
        snapshot.completedAt = completedAt
        snapshot.incompleteReason = reason
        snapshot.error = error
        snapshot.usage = usage
        writeResponse(Self.terminalEvent(of: status))
        events.done()
    }

    private static func terminalEvent(of status: ResponseStatus) -> StaticString {
        switch status {
        case .completed: "response.completed"
        case .incomplete: "response.incomplete"
        case .queued, .inProgress, .failed, .cancelled: "response.failed"
        }
    }

    private mutating func writeResponse(_ type: StaticString) {
        let snapshot = snapshot
        events.event(type) { json in
            json.member("response") { json in snapshot.write(to: &json) }
        }
    }

    private mutating func writeError(_ error: ResponseError) {
        events.event("error") { json in
            json.member("error") { json in
                json.object { json in
                    json.member("type", APIError.Kind.server.rawValue)
                    json.member("code", error.code.rawValue)
                    json.member("message", error.message)
                    json.member("param", literal: "null")
                }
            }
        }
    }
}
