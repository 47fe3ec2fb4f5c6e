import HocketWire
import NIOCore

extension CheckCase {
    /// Deadlines.
    static let deadlines = [deadlineMidStream, deadlineNotReached, hugeDeadline]

    private static let deadlineMilliseconds: Int64 = 400

    private static let deadlineMidStream = CheckCase(
        "deadline-mid-stream",
        "Deadlines",
        "a stream whose deadline is over ends with FINISH (DEADLINE)"
    ) { bench in
        let worker = try await bench.admit()
        var request = worker.request(64, credit: 4)
        request.deadlineNanoseconds = UInt64(deadlineMilliseconds) * 1_000_000
        let begin = NIODeadline.now()
        let stream = try worker.submit(request)
        // The rest is for a busy machine; a router waits a quarter of a second and cancels.
        let finish = try await worker.finish(
            of: stream,
            within: .milliseconds(deadlineMilliseconds + 2_000)
        )
        let took = (NIODeadline.now() - begin).milliseconds
        try require(finish.reason == .deadline, "FINISH says \(finish.reason)")
        try require(
            took >= deadlineMilliseconds - 20,
            "FINISH came after \(took) ms of \(deadlineMilliseconds)"
        )
        try await worker.showLife()
    }

    private static let deadlineNotReached = CheckCase(
        "deadline-not-reached",
        "Deadlines",
        "a stream that ends before its deadline is not touched by it"
    ) { bench in
        let worker = try await bench.admit()
        var request = worker.request(8)
        request.deadlineNanoseconds = 60_000_000_000
        let finish = try await worker.finish(of: try worker.submit(request))
        try require(finish.reason != .deadline, "FINISH says deadline, 60 s before it")
    }

    private static let hugeDeadline = CheckCase(
        "huge-deadline",
        "Deadlines",
        "a deadline of 2^64 - 1 ns does not wrap around"
    ) { bench in
        let worker = try await bench.admit()
        for nanoseconds in [.max, UInt64(Int64.max), UInt64(Int64.max) + 1] as [UInt64] {
            var request = worker.request(8)
            request.deadlineNanoseconds = nanoseconds
            let finish = try await worker.finish(of: try worker.submit(request))
            try require(
                finish.reason != .deadline,
                "FINISH says deadline, which was \(nanoseconds) ns"
            )
        }
    }
}
