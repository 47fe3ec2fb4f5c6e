import HocketEngine
import HocketWire

/// A frame of every type, in an order in which they could cross; then some that seldom do.
func everyFrame() throws -> [Crossing] {
    try attaching() + sampling() + seldom()
}

private func attaching() throws -> [Crossing] {
    let hello = Hello(
        role: .worker,
        instanceID: InstanceID(rawValue: 1),
        name: "w0",
        generation: 7,
        build: "hocket-worker 0.1.0",
        engine: "vllm 0.32.0",
        models: [ModelInfo(id: "gpt-oss-20b", contextTokensMax: 131_072)],
        clock: .noon
    )
    let router = Hello(
        role: .router,
        instanceID: InstanceID(rawValue: 2),
        name: "router",
        build: "hocket 0.1.0",
        clock: .noon
    )
    return [
        try Crossing(.toWorker, .hello(router)),
        try Crossing(.fromWorker, .hello(hello)),
        try Crossing(.toWorker, .helloAck(HelloAck(rejected: ["seed"], workerID: "w0#1"))),
        try Crossing(.fromWorker, .credit(Credit(1_048_576))),
    ]
}

private func sampling() throws -> [Crossing] {
    let submit = Submit(
        requestID: requestID,
        model: "gpt-oss-20b",
        prompt: Array(repeating: 200_006, count: 127),
        creditTokens: 4096,
        deadlineNanoseconds: 30_000_000_000,
        sampling: Sampling(outputTokensMax: 80, temperature: 0.7, logprobs: true, topLogprobs: 5),
        constraint: Constraint(.jsonSchema(Array(#"{"type":"object"}"#.utf8))),
        priority: -2
    )
    let finish = Finish(
        .stop,
        matchedStopID: 200_002,
        usage: TokenUsage(promptTokens: 127, cachedTokens: 112, outputTokens: 27),
        emittedTokens: 27
    )
    return [
        try Crossing(.toWorker, .submit(submit), on: 15),
        try Crossing(.fromWorker, .accept(Accept(queuePosition: 2, cachedTokens: 112)), on: 15),
        try Crossing(step: [(15, [200_005])]),
        try Crossing(step: [(15, [35_644, 200_008]), (17, [976])]),
        try Crossing(step: (0..<9).map { (15 + 2 * $0, [976]) }),
        try Crossing(.toWorker, .credit(Credit(2048)), on: 15),
        try Crossing(.fromWorker, .finish(finish), on: 15),
    ]
}

private func seldom() throws -> [Crossing] {
    let failure = Status(.resourceExhausted, "no room for 40 MB", isRetryable: true)
    let parameter = Status(.invalidArgument, "temperature is -1", parameter: "temperature")
    let status = WorkerStatus(
        health: .serving,
        runningStreams: 12,
        waitingStreams: 3,
        cacheUsed: 0.7,
        tokensPerSecond: 1200,
        lastStepAgeNanoseconds: 18_000_000,
        monotonicNanoseconds: 1,
        message: "warm"
    )
    let cache = WorkerEvent.CacheChange(.stored, blockTokens: 16, blockHashes: [1, 2])
    let log = WorkerEvent.LogLine(.warning, Array("KV cache 91 % full".utf8))
    let goAway = GoAway(
        lastStreamID: .of(17),
        reason: .operator,
        graceMilliseconds: 30_000,
        message: "a new version comes"
    )
    let query = Query(method: "describe", arguments: Array("{}".utf8))
    return [
        try Crossing(.toWorker, .cancel(Cancel(.clientGone)), on: 17),
        try Crossing(
            .fromWorker,
            .finish(Finish(.error, status: failure, emittedTokens: 3)),
            on: 17
        ),
        try Crossing(.fromWorker, .streamError(parameter), on: 19),
        try Crossing(.toWorker, .ping(Ping(nonce: 0xDEAD_BEEF, monotonicNanoseconds: 1))),
        try Crossing(.fromWorker, .pong(Ping(nonce: 0xDEAD_BEEF, monotonicNanoseconds: 1))),
        try Crossing(.fromWorker, .status(status)),
        try Crossing(.fromWorker, .event(WorkerEvent(monotonicNanoseconds: 1, .log(log)))),
        try Crossing(.fromWorker, .event(WorkerEvent(monotonicNanoseconds: 1, .cache(cache)))),
        try Crossing(.toWorker, .query(query), on: 21),
        try Crossing(.fromWorker, .reply(Reply(result: Array("[1,2]".utf8))), on: 21),
        try Crossing(.fromWorker, .goAway(goAway)),
        try Crossing(.toWorker, .connectionError(Status(.unimplemented, "major version 2"))),
    ]
}
