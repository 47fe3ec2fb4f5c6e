import HocketEngine
import HocketWire
import NIOCore

/// What the router asks its worker, and what it says when it is asked. Call these on the
/// connection's event loop.
extension WorkerChannelHandler {
    /// The most questions that wait for one worker's answer.
    private static let questionsMax = 16

    /// Asks the worker something.
    ///
    /// - Parameter answer: gets the REPLY; fails with ``EngineError`` when there is none in time.
    func ask(_ query: Query, _ answer: EventLoopPromise<Reply>) {
        guard agreed.contains(.query) else { return answer.fail(EngineError.answersNoQueries) }
        guard machine.openQueries < Self.questionsMax, let id = machine.queryPlaced() else {
            return answer.fail(EngineError.asksTooMuch)
        }
        do throws(WireError) {
            guard try output.append(.query(query), on: id, within: &window) else {
                machine.queryWithdrawn(on: id)
                return answer.fail(EngineError.asksTooMuch)
            }
        } catch {
            machine.queryWithdrawn(on: id)
            return answer.fail(EngineError(code: .invalidArgument, message: error.message))
        }
        questions[id] = answer
        eventLoop.assumeIsolated().scheduleTask(in: environment.times.queryTimeout) {
            self.questions.removeValue(forKey: id)?.fail(EngineError.answersTooLate)
        }
        flush()
    }

    /// The worker answered a question; one whose time is over has nobody who waits.
    func receive(_ reply: Reply, on id: StreamID) throws(WireError) {
        try machine.replyReceived(on: id)
        answer(id, reply)
    }

    /// Hands an answer on.
    func answer(_ id: StreamID, _ reply: Reply) {
        questions.removeValue(forKey: id)?.succeed(reply)
    }

    /// The worker is gone, and the answers with it.
    func dropQuestions() {
        let waiting = questions
        questions = [:]
        for answer in waiting.values { answer.fail(EngineError.workerLost) }
    }

    /// The router answers no questions; it says so, and the connection goes on.
    ///
    /// - Throws: ``WireError`` when questions were not agreed on.
    func refuseQuery(on id: StreamID) throws(WireError) {
        guard agreed.contains(.query) else {
            throw WireError(.frameUnexpected, "QUERY, which was not agreed on")
        }
        try machine.queryReceived(on: id)
        send(.streamError(Status(.unimplemented, "this router answers no queries")), on: id)
    }
}

extension EngineError {
    fileprivate static let answersNoQueries = EngineError(
        code: .invalidArgument,
        message: "the worker answers no queries"
    )
    fileprivate static let asksTooMuch = EngineError(
        code: .unavailable,
        message: "the worker leaves, or has not taken in what it was asked before",
        isRetryable: true
    )
    fileprivate static let answersTooLate = EngineError(
        code: .deadlineExceeded,
        message: "the worker did not answer in time"
    )
}
