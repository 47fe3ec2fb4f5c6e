import HocketWire

extension CheckCase {
    /// What a worker must not take on.
    static let refusals = [
        tokenOutOfRange, promptFillsContext, emptyPrompt, unknownModel, tooManyStreams,
    ]

    private static let tokenOutOfRange = CheckCase(
        "token-out-of-range",
        "A stream",
        "a prompt with an id outside the vocabulary is refused as INVALID_ARGUMENT"
    ) { bench in
        let worker = try await bench.admit()
        var request = worker.request()
        request.prompt = [200_006, UInt32(VocabularyIdentity.o200kHarmony.size)]
        try await expectRefusal(.invalidArgument, of: request, by: worker)
    }

    private static let promptFillsContext = CheckCase(
        "prompt-fills-context",
        "A stream",
        "a prompt that leaves no room in the context is refused as INVALID_ARGUMENT"
    ) { bench in
        let worker = try await bench.admit()
        guard let hello = worker.ledger.hello, let model = asked(of: hello, by: bench.options)
        else { throw CaseEnd.skipped("HELLO names no such model") }
        let length = model.contextTokensMax
        let limits = hello.limits
        guard length <= limits.promptTokensMax, 4 * length + 100 <= limits.submitBytesMax else {
            throw CaseEnd.skipped("the worker's limits admit no prompt of \(length) tokens")
        }
        var request = worker.request()
        request.prompt = [UInt32](repeating: 557, count: length)
        try await expectRefusal(.invalidArgument, of: request, by: worker)
    }

    private static func asked(of hello: Hello, by options: CheckOptions) -> ModelInfo? {
        options.model.isEmpty
            ? hello.models.first : hello.models.first { $0.id == options.model }
    }

    private static let emptyPrompt = CheckCase(
        "empty-prompt",
        "A stream",
        "a prompt without a token is refused as INVALID_ARGUMENT"
    ) { bench in
        let worker = try await bench.admit()
        var request = worker.request()
        request.prompt = []
        try await expectRefusal(.invalidArgument, of: request, by: worker)
    }

    private static let unknownModel = CheckCase(
        "unknown-model",
        "A stream",
        "a model that the worker does not have is refused as NOT_FOUND"
    ) { bench in
        let worker = try await bench.admit()
        var request = worker.request()
        request.model = "no-such-model"
        try await expectRefusal(.notFound, of: request, by: worker)
    }

    private static let tooManyStreams = CheckCase(
        "too-many-streams",
        "A stream",
        "a stream beyond streams_max is refused as RESOURCE_EXHAUSTED, retryable"
    ) { bench in
        let worker = try await bench.admit()
        let count = worker.ledger.hello?.limits.streamsMax ?? 0
        guard count <= 4096 else { throw CaseEnd.skipped("streams_max is \(count)") }
        // Without credit none of them ends; a short prompt, for there may be a thousand.
        var held = worker.request(2, credit: 0)
        held.prompt = Array(held.prompt.prefix(1))
        let streams = try (0..<count).map { _ in try worker.submit(held) }
        for stream in streams { try await worker.accept(of: stream) }
        let refusal = try await worker.refusal(of: try worker.submit(2))
        try expect(refusal, .resourceExhausted)
        try require(refusal.isRetryable, "the refusal is not retryable")
        for stream in streams { try worker.send(.cancel(Cancel(.clientGone)), on: stream) }
        for stream in streams { try await worker.finish(of: stream) }
        try await worker.showLife()
    }

    /// The stream is refused, and the connection goes on.
    static func expectRefusal(
        _ code: Status.Code,
        of request: Submit,
        by worker: CheckedWorker
    ) async throws {
        let refusal = try await worker.refusal(of: try worker.submit(request))
        try expect(refusal, code)
        try await worker.showLife()
    }

    static func expect(_ refusal: Status, _ code: Status.Code) throws(CaseEnd) {
        try require(
            refusal.code == code,
            "STREAM_ERROR says \(refusal.code) (\(refusal.message)) instead of \(code)"
        )
        try require(!refusal.message.isEmpty, "STREAM_ERROR has no message")
    }
}
