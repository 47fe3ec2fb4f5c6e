import NIOCore

/// How long a response may take, waiting and tools included.
enum TimeLimit: Hashable, Sendable {
    /// As long as it takes.
    case none
    /// Until a moment: somebody has waited since the request came.
    case until(NIODeadline)
    /// So long from its start on: nobody waits for it.
    case fromStart(TimeAmount)

    /// - Parameters:
    ///   - envelope: the caller's own limit, which can only be shorter; nobody waits for a
    ///     background response, so that it has none.
    ///   - timeout: the operator's limit, if there is one.
    init(_ envelope: RequestEnvelope, isBackground: Bool, operator timeout: TimeAmount?) {
        if isBackground {
            self = timeout.map(Self.fromStart) ?? .none
        } else {
            let amount = [envelope.timeout, timeout].compactMap(\.self).min()
            self = amount.map { .until(envelope.arrivedAt + $0) } ?? .none
        }
    }

    /// When the time is over of a response that starts now.
    func deadline(startingAt now: NIODeadline) -> NIODeadline? {
        switch self {
        case .none: nil
        case .until(let deadline): deadline
        case .fromStart(let amount): now + amount
        }
    }
}
