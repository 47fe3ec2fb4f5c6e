/// What became of one case, or of one rule.
public struct CheckResult: Hashable, Sendable {
    /// Passed, failed, or neither.
    public enum Verdict: Hashable, Sendable {
        /// The worker did what the protocol demands.
        case passed
        /// It did not; the reason in words.
        case failed(String)
        /// It could not be judged; the reason in words.
        case skipped(String)
    }

    /// The case's name.
    public var name: String
    /// The heading in `Protos/PROTOCOL.md` under which the demand stands.
    public var section: String
    /// What is demanded, in a sentence.
    public var demand: String
    /// What became of it.
    public var verdict: Verdict
    /// How long it took.
    public var milliseconds: Int

    /// Creates a result.
    public init(
        name: String,
        section: String,
        demand: String,
        verdict: Verdict,
        milliseconds: Int
    ) {
        self.name = name
        self.section = section
        self.demand = demand
        self.verdict = verdict
        self.milliseconds = milliseconds
    }

    /// Whether the worker broke the protocol here.
    public var isFailure: Bool {
        if case .failed = verdict { true } else { false }
    }

    /// One line for a person; a failure says which sentence of the protocol was broken, and how.
    public var line: String {
        let padded = name + String(repeating: " ", count: max(1, 28 - name.count))
        return switch verdict {
        case .passed: "pass  \(padded)\(milliseconds) ms"
        case .skipped(let reason): "skip  \(padded)\(reason)"
        case .failed(let reason): "FAIL  \(padded)\(reason) [PROTOCOL.md, \(section): \(demand)]"
        }
    }
}
