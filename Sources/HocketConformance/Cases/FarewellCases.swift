import HocketWire
import NIOCore

extension CheckCase {
    /// What a worker does not come back from.
    ///
    /// Each leaves no worker for the next, unless a supervisor starts it again.
    static let farewell = [refusedForGood, replaced, otherMajor]

    private static let refusedForGood = CheckCase(
        "refused-for-good",
        "HELLO",
        "a worker that is refused for good leaves without a word and does not dial again",
        sendsAway: true
    ) { bench in
        let worker = try await bench.meet()
        try worker.greet(by: bench.identity)
        let hello = try await worker.hello()
        try worker.send(.connectionError(Status(.failedPrecondition, "another vocabulary")))
        try await worker.waitForEnd()
        try await bench.showDeparture(of: hello)
    }

    private static let replaced = CheckCase(
        "replaced",
        "Draining",
        "after GOAWAY (REPLACED) streams run to their end; then the worker closes, for good",
        sendsAway: true
    ) { bench in
        let worker = try await bench.admit()
        let hello = try await worker.hello()
        let stream = try worker.submit(16, credit: 4)
        try await worker.tokens(4, of: stream)
        try worker.send(.goAway(GoAway(lastStreamID: .connection, reason: .replaced)))
        try worker.grant(12, to: stream)
        try await worker.finish(of: stream)
        try await worker.waitForEnd()
        try await bench.showDeparture(of: hello)
    }

    private static let otherMajor = CheckCase(
        "other-major",
        "Preface",
        "a worker leaves a router that speaks another major version, and does not dial again",
        sendsAway: true
    ) { bench in
        let worker = try await bench.meet()
        var preface = ByteBuffer()
        Preface(major: 9, minor: 0).write(into: &preface)
        worker.send(preface)
        try await worker.waitForEnd()
        // One that waits for the router's preface to be right says none.
        guard let hello = worker.ledger.hello else { return }
        try await bench.showDeparture(of: hello)
    }
}
