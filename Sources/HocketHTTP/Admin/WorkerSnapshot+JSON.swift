import Harmony
import HocketEngine
import HocketWire
import NIOCore

extension WorkerSnapshot {
    /// The worker as `GET /workers` lists it.
    var json: JSONValue {
        [
            "object": "worker",
            "id": .string(id.description),
            "name": .string(name),
            "generation": .number(JSONNumber(generation)),
            "state": .string(state),
            "models": .array(models.map(\.json)),
            "streams": ["running": JSONValue(runningStreams), "max": JSONValue(streamsMax)],
            "tokens_in_flight": JSONValue(tokensInFlight),
            "weight": JSONValue(weight.rawValue),
            "breaker": .string(breaker == .halfOpen ? "half_open" : breaker.rawValue),
            "load": load?.json ?? .null,
            "attached_seconds": JSONValue(Int(attachedFor.nanoseconds / 1_000_000_000)),
            "totals": totals.json,
        ]
    }

    /// Whether samplings are placed there: `serving`, `not_serving` as it says itself, `held` by an
    /// operator, or `draining`, which it never takes back.
    private var state: String {
        if isDraining { return "draining" }
        if isHeld { return "held" }
        return load?.health == .notServing ? "not_serving" : "serving"
    }
}

extension ModelDescription {
    fileprivate var json: JSONValue {
        ["name": .string(name), "context_tokens_max": JSONValue(contextTokensMax)]
    }
}

extension WorkerLoad {
    fileprivate var json: JSONValue {
        [
            "running_streams": JSONValue(runningStreams),
            "waiting_streams": JSONValue(waitingStreams),
            "waiting_tokens": JSONValue(waitingTokens),
            "cache_used": JSONValue(measured: cacheUsed),
            "tokens_per_second": JSONValue(measured: tokensPerSecond),
            "last_step_age_ms": lastStepAge.map { JSONValue(Int($0 / .milliseconds(1))) } ?? .null,
        ]
    }
}

extension WorkerTotals {
    fileprivate var json: JSONValue {
        [
            "placed": JSONValue(placed), "finished": JSONValue(finished),
            "failed": JSONValue(failed), "retried": JSONValue(retried),
        ]
    }
}

extension JSONValue {
    fileprivate init(_ integer: Int) { self = .number(JSONNumber(integer)) }

    /// A number that JSON may not have: infinities and what is none.
    fileprivate init(measured value: Double) { self = JSONNumber(value).map(Self.number) ?? .null }
}
