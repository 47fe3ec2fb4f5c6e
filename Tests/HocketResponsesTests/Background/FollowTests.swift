import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Whoever follows a response reads what everybody reads, from wherever they begin.
@Suite(.timeLimit(.minutes(1)))
struct FollowTests {
    /// The events behind one of a stream, byte for byte.
    private static func rest(of text: String, after number: Int) -> String {
        let events = text.split(separator: "\n\n", omittingEmptySubsequences: false)
        // Behind the last event there is the line that ends the stream, and nothing.
        return events.dropFirst(min(number + 1, events.count - 2)).joined(separator: "\n\n")
    }

    @Test func everyCutIsReplayedByteForByte() async throws {
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend) { bench in
            let (told, events) = try await bench.begin()
            let id = try #require(told["id"]?.string)
            let text = try await bench.text(of: events)
            let count = try EventTranscript(text).events.count
            #expect(try await bench.text(of: id) == text)
            for number in 0..<count {
                let rest = try await bench.text(of: id, after: number)
                #expect(rest == Self.rest(of: text, after: number))
            }
            #expect(try await bench.text(of: id, after: count + 5) == "data: [DONE]\n\n")
        }
    }

    /// Followers that begin after each event, before, while and after it happens, all meet the
    /// live events without a gap or an event twice.
    @Test(arguments: [1, 3])
    func everyCutMeetsTheLiveEvents(_ tokensPerRead: Int) async throws {
        let script = GenerationScript(ServiceBench.answer, tokensPerRead: tokensPerRead)
        for reads in stride(from: 0, to: script.steps.count, by: 3) {
            let gate = Gate()
            let backend = ScriptedBackend(script.waiting(for: gate, after: reads))
            try await BackgroundBench.run(backend) { bench in
                let (told, events) = try await bench.begin()
                let id = try #require(told["id"]?.string)
                try await bench.backend.recorded {
                    $0.started == 1 && $0.tokensDelivered >= reads * tokensPerRead
                }
                let texts = try await followAll(id, events, in: bench, opening: gate)
                let whole = try #require(texts[-1])
                let transcript = try EventTranscript(whole)
                #expect(transcript.isDone)
                for (number, text) in texts where number >= 0 {
                    #expect(text == Self.rest(of: whole, after: number), "\(reads), \(number)")
                }
            }
        }
    }

    /// What followers read that begin behind each event, and at -1 what the first client reads.
    private func followAll(
        _ id: String,
        _ events: FollowedResponse,
        in bench: BackgroundBench,
        opening gate: Gate
    ) async throws -> [Int: String] {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<40 {
                group.addTask { (number, try await bench.text(of: id, after: number)) }
            }
            group.addTask {
                gate.open()
                return (-1, try await bench.text(of: events))
            }
            var texts: [Int: String] = [:]
            for try await (number, text) in group { texts[number] = text }
            return texts
        }
    }

    @Test func slowFollowerIsWaitedForAloneAndMissesNothing() async throws {
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend) { bench in
            let (told, events) = try await bench.begin()
            let output = bench.bench.output(sendsUntilFull: 1)
            async let slow = bench.text(of: events, to: output)
            let text = try await bench.text(of: #require(told["id"]?.string))
            #expect(output.sends.count <= 1)
            #expect(bench.backend.record.pauses == 0)
            output.readOn()
            #expect(try await slow == text)
        }
    }

    @Test func streamThatHasNothingToTellYetBeginsWithAComment() async throws {
        let gate = Gate()
        let script = GenerationScript(ServiceBench.answer).waiting(for: gate, after: 4)
        try await BackgroundBench.run(ScriptedBackend(script)) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            let output = bench.bench.output()
            async let text = bench.text(of: bench.service.follow(id, after: 25), to: output)
            while output.sends.isEmpty { await Task.yield() }
            #expect(output.sends == [BackgroundBench.comment])
            gate.open()
            #expect(try await text.hasPrefix("event: "))
            #expect(output.text.split(separator: BackgroundBench.comment).count == 1)
        }
    }

    /// More than what a log keeps in memory, so that the store is read as well.
    @Test func longLogIsReadInParts() async throws {
        let words = String(repeating: " word", count: 5_000)
        let script = GenerationScript(
            "<|channel|>final<|message|>\(words)<|return|>",
            tokensPerRead: 100
        )
        let gate = Gate()
        let backend = ScriptedBackend(script.waiting(for: gate, after: 45))
        try await BackgroundBench.run(backend) { bench in
            let (told, events) = try await bench.begin()
            let id = try #require(told["id"]?.string)
            try await bench.backend.recorded { $0.tokensDelivered == 4_500 }
            async let late = bench.text(of: id, after: 10)
            async let whole = bench.text(of: events)
            gate.open()
            let text = try await whole
            #expect(text.utf8.count > 600_000)
            #expect(try await late == Self.rest(of: text, after: 10))
            #expect(try EventTranscript(text).isDone)
            #expect(try await bench.text(of: id) == text)
        }
    }

    @Test func storeThatFailsBreaksTheStreamInsteadOfEndingIt() async throws {
        let store = RecordingStore()
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        var id = ""
        try await BackgroundBench.run(backend, store: store) { bench in
            id = try #require(try await bench.begin().object["id"]?.string)
            _ = try await bench.ended(id)
        }
        // What an earlier service made is in the store only.
        try await BackgroundBench.run(backend, store: store) { bench in
            let events = try await bench.service.follow(id)
            let failure = StoreError(code: .inputOutputFailed, message: "the disk is gone")
            store.failure = failure
            let output = bench.bench.output()
            await #expect(throws: failure) { _ = try await bench.text(of: events, to: output) }
            #expect(!output.text.contains("[DONE]"))
            store.failure = nil
        }
    }

    @Test func responseThatIsWaitedForHasNoEventsToFollow() async throws {
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend) { bench in
            let told = try await bench.bench.stream().finalResponse
            let id = try #require(told?["id"]?.string)
            let error = await #expect(throws: APIError.self) { try await bench.text(of: id) }
            #expect(error?.httpStatus == 400)
            #expect(error?.param == "stream")
        }
    }
}
