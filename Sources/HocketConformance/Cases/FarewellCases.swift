import HocketWire
import NIOCore

extension CheckCase {
    /// What a worker does not come back from.
    static let farewell = [refusedForGood]

    private static let refusedForGood = CheckCase(
        "refused-for-good",
        "HELLO",
        "a worker that is refused for good leaves without a word and does not dial again"
    ) { bench in
        let worker = try await bench.meet()
        try worker.greet(by: bench.identity)
        _ = try await worker.hello()
        try worker.send(.connectionError(Status(.failedPrecondition, "another vocabulary")))
        try await worker.waitForEnd()
        guard bench.source.isDialled else { return }
        let later = NIODeadline.now() + .seconds(3)
        try require(try await bench.source.next(until: later) == nil, "the worker dialled again")
    }
}
