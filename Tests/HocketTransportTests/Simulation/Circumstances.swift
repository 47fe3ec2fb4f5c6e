import HocketEngine
import NIOCore

/// What must be so for a sampling to fail, and by when it must have ended.
struct Circumstances: Sendable {
    /// A sampling has ended so long after its deadline: the router waits a quarter of a second for
    /// the worker, and looks four times a second.
    private static let latenessMax = TimeAmount.seconds(1)
    /// One that has what it wanted waits for its usage, as long as a worker may take for FINISH.
    private static let latenessMaxWhenLeft = TimeAmount.seconds(6)

    var faults: Set<Fault>
    /// A worker breaks the rules on purpose.
    var isRuleBroken: Bool
    var deadline: NIODeadline?
    var now = NIODeadline.distantPast

    /// The same for a sampling that ends now.
    func at(_ now: NIODeadline, deadline: NIODeadline?) -> Circumstances {
        Circumstances(faults: faults, isRuleBroken: isRuleBroken, deadline: deadline, now: now)
    }

    var lateness: Int64 { deadline.map { (now - $0).nanoseconds } ?? 0 }

    func isInTime(hasLeft: Bool) -> Bool {
        lateness <= (hasLeft ? Self.latenessMaxWhenLeft : Self.latenessMax).nanoseconds
    }

    /// Whether it ended as soon as it must when its client has left.
    func isInTime(since leftAt: NIODeadline, isSatisfied: Bool) -> Bool {
        now - leftAt <= (isSatisfied ? Self.latenessMaxWhenLeft : Self.latenessMax)
    }

    /// Why an error cannot be; nil if it can.
    func objection(to error: EngineError, hasLeft: Bool) -> String? {
        switch error.code {
        case .cancelled: hasLeft ? nil : "its client is there"
        case .deadlineExceeded: lateness >= 0 && deadline != nil ? nil : "its time was not over"
        case .protocolViolation: isRuleBroken ? nil : "no rule was broken"
        case .invalidArgument, .internalFault:
            faults.contains(.refusedPrompts) || faults.contains(.failedEngine)
                ? nil : "no engine refused it"
        case .modelNotFound: "its model is served"
        // Who has little time left is told early that no worker will have room in it.
        case .unavailable where deadline != nil: nil
        case .resourceExhausted, .unavailable, .workerLost:
            faults.areOrderly && !isRuleBroken ? "nothing was in its way" : nil
        default: "there is no such error"
        }
    }
}
