import Harmony
import HocketWire

extension CheckCase {
    /// QUERY.
    static let queries = [describe, unknownMethod]

    private static let describe = CheckCase(
        "describe",
        "Queries",
        "QUERY describe is answered by a JSON object, or as UNIMPLEMENTED"
    ) { bench in
        let reply = try await reply(to: "describe", bench)
        guard reply.status.code == .ok else {
            return try require(
                reply.status.code == .unimplemented,
                "the answer is \(reply.status.code), \(reply.status.message)"
            )
        }
        let value = try? JSONValue(parsing: reply.result)
        try require(value?.object != nil, "the result is no JSON object")
    }

    private static let unknownMethod = CheckCase(
        "unknown-method",
        "Queries",
        "a QUERY that is not known is answered as UNIMPLEMENTED"
    ) { bench in
        let reply = try await reply(to: "no-such-method", bench)
        try require(reply.status.code == .unimplemented, "the answer is \(reply.status.code)")
    }

    private static func reply(to method: String, _ bench: CaseBench) async throws -> Reply {
        let worker = try await bench.admit()
        guard worker.ledger.agreed.contains(.query) else {
            throw CaseEnd.skipped("the worker does not offer QUERY")
        }
        let stream = try worker.nextStream()
        try worker.send(.query(Query(method: method)), on: stream)
        try await worker.wait(for: "REPLY") { $0.replies[stream] != nil }
        let reply = worker.ledger.replies[stream] ?? Reply()
        try await worker.showLife()
        return reply
    }
}
