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
        /// Nothing of it came for too long.
        case body
        /// It came, and too slowly.
        case bodyPace
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
    /// When the body began, or began to be waited for.
    private var bodyBegan: NIODeadline
    private var bodyBytes = 0
    private var unanswered = 0

    /// A client has connected.
    init(limits: HTTPLimits, at now: NIODeadline) {
        self.limits = limits
        since = now
        bodyBegan = now
    }

    /// When the client's time is up, nil as long as it is not waited for.
    var deadline: NIODeadline? {
        switch stage {
        case .betweenRequests: unanswered == 0 ? since + limits.idleTimeout : nil
        case .head: unanswered == 0 ? since + limits.headTimeout : nil
        case .body: unanswered == 1 ? min(silenceEnd, paceEnd) : nil
        }
    }

    /// When nothing of a body has come for too long.
    private var silenceEnd: NIODeadline { since + limits.bodyTimeout }

    /// When a body is slower than it may be: each part of it buys the time that it may take.
    private var paceEnd: NIODeadline {
        let seconds = Double(bodyBytes) / Double(limits.bodyRateMin)
        return bodyBegan + limits.bodyTimeout + .nanoseconds(Int64(seconds * 1e9))
    }

    /// What the time that has come means.
    func action(at now: NIODeadline) -> Action {
        guard let deadline, deadline <= now else { return .wait }
        switch stage {
        case .betweenRequests: return .close
        case .head: return .refuse(.head)
        case .body: return .refuse(silenceEnd <= now ? .body : .bodyPace)
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
        bodyBegan = now
        bodyBytes = 0
    }

    /// A part of a body came.
    mutating func bodyRead(bytes: Int, at now: NIODeadline) {
        since = now
        bodyBytes += bytes
    }

    /// A request is complete.
    mutating func requestRead(at now: NIODeadline) {
        enter(.betweenRequests, at: now)
    }

    /// An answer is complete: from now on the client is waited for again.
    mutating func answered(at now: NIODeadline) {
        unanswered -= 1
        since = now
        bodyBegan = now
    }

    private mutating func enter(_ stage: Stage, at now: NIODeadline) {
        self.stage = stage
        since = now
    }
}
