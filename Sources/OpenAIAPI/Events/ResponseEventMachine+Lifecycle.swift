/// The response as a whole.
extension ResponseEventMachine {
    /// The response waits for a worker (background responses only).
    public mutating func responseQueued() {
        precondition(!wasQueued && snapshot.status == .queued, "a response is queued first, once")
        wasQueued = true
        format.writeQueued(snapshot, to: &events)
    }

    /// The response is being made: `response.created`, unless it was queued, and
    /// `response.in_progress`.
    public mutating func responseStarted() {
        precondition(snapshot.status == .queued, "a response starts once")
        snapshot.status = .inProgress
        format.writeStarted(snapshot, wasQueued: wasQueued, to: &events)
    }

    /// Nothing more will be sampled: the response is complete, or incomplete if the last round ran
    /// into its limit, or failed if the model ended without the answer that was asked for.
    ///
    /// - Parameter now: The time, in seconds since 1970.
    public mutating func responseFinished(at now: Int) {
        switch round.outcome {
        case .limited(let reason): finish(.incomplete, reason: reason)
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
        finish(.failed, error: error)
    }

    /// Nobody wants the response any more.
    ///
    /// What exists of it is kept; an open item is closed as incomplete.
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
        endOwnItems()
        // One that ends while it waits still tells its whole story, as clients expect.
        if snapshot.status == .queued { responseStarted() }
        snapshot.status = status
        snapshot.completedAt = completedAt
        snapshot.incompleteReason = reason
        snapshot.error = error
        snapshot.usage = usage
        format.writeEnd(snapshot, to: &events)
    }
}
