import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Whatever a model writes and however reads, failures and the client's doings fall together, a
/// response has one end, and nothing of it is left.
@Suite(.timeLimit(.minutes(1)))
struct AnyCourseTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func everyCourseEndsOnceAndLeavesNothing(batch: UInt64) async throws {
        for seed in batch * 20..<(batch + 1) * 20 {
            let course = SeededCourse(seed: seed)
            let bench = ServiceBench(course.script)
            weak var output: RecordingOutput?
            try await {
                let client = bench.output(sendsUntilFull: course.sendsUntilFull)
                output = client
                try await run(course, seed: seed, in: bench, for: client)
            }()
            try await bench.eventLoop.submit {}.get()
            #expect(output == nil, "seed \(seed)")
        }
    }

    private func run(
        _ course: SeededCourse,
        seed: UInt64,
        in bench: ServiceBench,
        for client: RecordingOutput
    ) async throws {
        async let transcript = bench.stream(to: client)
        try await bench.backend.recorded { record in
            record.ended > 0 || record.pauses > 0
                || record.tokensDelivered >= course.tokensUntilLeaving ?? .max
        }
        if course.tokensUntilLeaving != nil {
            try await bench.eventLoop.submit { client.leave() }.get()
        }
        client.readOn()
        let terminal = try await transcript.types.filter(
            FailedResponseTests.terminalTypes.contains
        )
        #expect(terminal.count == 1, "seed \(seed)")
        #expect(try await terminal.first == transcript.types.last, "seed \(seed)")
        #expect(try await transcript.isDone, "seed \(seed)")
        #expect(try await !client.isObserved(), "seed \(seed)")
        // A model that calls what is not there is asked once more.
        let record = bench.backend.record
        #expect(record.ended == record.requests.count && record.ended <= 2, "seed \(seed)")
    }
}
