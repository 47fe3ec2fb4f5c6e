import NIOCore

/// Knows until when a connection waits for its client.
///
/// It is told what happened; the one timer there is asks it what to do. Nothing is waited for
/// while an answer is being made, nor while a body is held back because an earlier request is.
struct RequestPace {
    /// What to do when a timer fires.
    enum Action: Hashable {
        case wait
        /// Nothing was asked: there is nobody to answer.
        case close
        /// A request was begun and not ended: answer it so.
        case refuse(Lateness)
    }

    /// What of a request did not come in time.
    enum Lateness: Hashable {
        case head
        case body
    }

    private enum Stage: Hashable {
        case betweenRequests
        case head
        case body
    }

    private let limits: HTTPLimits
    private var stage = Stage.betweenRequests
    /// When the stage began; for a body, when its last bytes came.
    private var since: NIODeadline
    private var unanswered = 0

    /// A client has connected.
    init(limits: HTTPLimits, at now: NIODeadline) {
        self.limits = limits
        since = now
    }

    /// When the client's time is up, nil as long as it is not waited for.
    var deadline: NIODeadline? {
        switch stage {
        case .betweenRequests: unanswered == 0 ? since + limits.idleTimeout : nil
        case .head: unanswered == 0 ? since + limits.headTimeout : nil
        case .body: unanswered == 1 ? since + limits.bodyTimeout : nil
        }
    }

    /// What the time that has come means.
    func action(at now: NIODeadline) -> Action {
        guard let deadline, deadline <= now else { return .wait }
        switch stage {
        case .betweenRequests: return .close
        case .head: return .refuse(.head)
        case .body: return .refuse(.body)
        }
    }

    /// Bytes came; if they are part of no request so far, they begin a head.
    mutating func bytesArrived(at now: NIODeadline) {
        guard stage == .betweenRequests else { return }
        enter(.head, at: now)
    }

    /// A head is complete.
    mutating func headRead(at now: NIODeadline) {
        unanswered += 1
        enter(.body, at: now)
    }

    /// A part of a body came.
    mutating func bodyRead(at now: NIODeadline) {
        since = now
    }

    /// A request is complete.
    mutating func requestRead(at now: NIODeadline) {
        enter(.betweenRequests, at: now)
    }

    /// An answer is complete: from now on the client is waited for again.
    mutating func answered(at now: NIODeadline) {
        unanswered -= 1
        since = now
    }

    private mutating func enter(_ stage: Stage, at now: NIODeadline) {
        self.stage = stage
        since = now
    }
}
