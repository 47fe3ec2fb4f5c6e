/// One demand of the protocol, and how to see whether a worker meets it.
///
/// The cases stand in `Cases/`, by the heading of `Protos/PROTOCOL.md` that they are about.
public struct CheckCase: Sendable {
    /// What `--case` calls it.
    public let name: String
    /// The heading in `Protos/PROTOCOL.md` under which the demand stands.
    public let section: String
    /// What is demanded, in a sentence.
    public let demand: String
    /// The most that the case takes, the worker's arrival aside.
    let secondsMax: Int64
    /// Whether a worker that does as it should does not come back afterwards.
    let sendsAway: Bool
    /// Returns when the worker does as it should, and throws a `CaseEnd` otherwise.
    let body: @Sendable (CaseBench) async throws -> Void

    init(
        _ name: String,
        _ section: String,
        _ demand: String,
        secondsMax: Int64 = 30,
        sendsAway: Bool = false,
        body: @escaping @Sendable (CaseBench) async throws -> Void
    ) {
        self.name = name
        self.section = section
        self.demand = demand
        self.secondsMax = secondsMax
        self.sendsAway = sendsAway
        self.body = body
    }

    /// All cases, in the order in which they are run.
    ///
    /// The last ones send the worker away for good.
    public static let all: [CheckCase] =
        greeting + streams + logprobs + refusals + unoffered + floods + credit + window
        + cancellation
        + deadlines + liveness
        + framing + misuse + queries + restarts + farewell
}
