import HocketWire

extension Golden {
    /// Every golden file but those of STEP and the preface, which are no messages.
    static let cases: [Golden] = connection + generation + administration

    private static let requestID = RequestID(
        rawValue: 0x1011_1213_1415_1617_1819_1A1B_1C1D_1E1F
    )

    private static let connection: [Golden] = [
        Golden("hello-router", from: .router, .hello(routerHello)),
        Golden("hello-worker", from: .worker, .hello(workerHello)),
        Golden(
            "hello-ack",
            from: .router,
            .helloAck(
                HelloAck(
                    minor: 0,
                    capabilities: [.logprobs, .constraintJSONSchema],
                    rejected: ["capability 3 (seed) is turned off"],
                    workerID: "gpu-0#7"
                )
            )
        ),
        Golden(
            "ping",
            from: .router,
            .ping(Ping(nonce: 0xDEAD_BEEF, monotonicNanoseconds: 12_345_678_901_234))
        ),
        Golden(
            "pong",
            from: .worker,
            .pong(Ping(nonce: 0xDEAD_BEEF, monotonicNanoseconds: 99))
        ),
        Golden(
            "goaway",
            from: .worker,
            .goAway(
                GoAway(
                    lastStreamID: .router(17),
                    reason: .replaced,
                    graceMilliseconds: 30_000,
                    message: "generation 8 has taken over"
                )
            )
        ),
        Golden(
            "status",
            from: .worker,
            .status(
                WorkerStatus(
                    health: .serving,
                    runningStreams: 12,
                    waitingStreams: 3,
                    waitingTokens: 4500,
                    cacheUsed: 0.5,
                    tokensPerSecond: 1200,
                    lastStepAgeNanoseconds: 18_000_000,
                    monotonicNanoseconds: 77_000_000,
                    message: "ok"
                )
            )
        ),
        Golden(
            "connection-error",
            from: .router,
            .connectionError(
                Status(.unimplemented, "the peer speaks major version 2, this side 1")
            )
        ),
    ]

    private static let generation: [Golden] = [
        Golden(
            "submit",
            from: .router,
            on: 1,
            .submit(
                Submit(
                    requestID: requestID,
                    prompt: [200_006, 1428, 200_008],
                    creditTokens: 4096,
                    sampling: Sampling(outputTokensMax: 512, temperature: 0)
                )
            )
        ),
        Golden("submit-full", from: .router, on: 3, .submit(fullSubmit)),
        Golden(
            "submit-choice",
            from: .router,
            on: 5,
            .submit(
                Submit(
                    requestID: requestID,
                    prompt: [],
                    creditTokens: 1,
                    sampling: Sampling(seed: 0),
                    constraint: Constraint(.choice([Array("yes".utf8), Array("no".utf8)]))
                )
            )
        ),
        Golden(
            "accept",
            from: .worker,
            on: 1,
            .accept(Accept(queuePosition: 2, cachedTokens: 64))
        ),
        Golden(
            "finish",
            from: .worker,
            on: 1,
            .finish(
                Finish(
                    .stop,
                    matchedStopID: 200_002,
                    usage: TokenUsage(promptTokens: 120, cachedTokens: 64, outputTokens: 57),
                    emittedTokens: 57
                )
            )
        ),
        Golden("finish-error", from: .worker, on: 3, .finish(failedFinish)),
        Golden("cancel", from: .router, on: 1, .cancel(Cancel(.clientGone))),
        Golden("credit-stream", from: .router, on: 1, .credit(Credit(2048))),
        Golden("credit-connection", from: .worker, .credit(Credit(1_048_576))),
        Golden(
            "stream-error",
            from: .worker,
            on: 1,
            .streamError(
                Status(
                    .invalidArgument,
                    "temperature is -1 (min: 0)",
                    parameter: "temperature"
                )
            )
        ),
    ]

    private static let administration: [Golden] = [
        Golden(
            "event-log",
            from: .worker,
            .event(
                WorkerEvent(
                    monotonicNanoseconds: 5,
                    .log(.init(.warning, Array("KV cache 91 % full".utf8)))
                )
            )
        ),
        Golden(
            "event-cache",
            from: .worker,
            .event(
                WorkerEvent(
                    monotonicNanoseconds: 6,
                    .cache(
                        .init(
                            .stored,
                            blockTokens: 16,
                            parentHash: 0xAABB,
                            blockHashes: [1, .max]
                        )
                    )
                )
            )
        ),
        Golden(
            "query",
            from: .router,
            on: 7,
            .query(
                Query(
                    method: "describe",
                    arguments: Array("{}".utf8),
                    deadlineNanoseconds: 1_000_000_000
                )
            )
        ),
        Golden(
            "reply",
            from: .worker,
            on: 7,
            .reply(Reply(result: Array(#"{"engine":"vllm"}"#.utf8)))
        ),
    ]

    private static var routerHello: Hello {
        Hello(
            role: .router,
            minorMax: 0,
            instanceID: InstanceID(rawValue: 0x0001_0203_0405_0607_0809_0A0B_0C0D_0E0F),
            name: "router",
            build: "hocket 0.1.0",
            schemaFingerprint: 0x0123_4567_89AB_CDEF,
            clock: PeerClock(
                monotonicNanoseconds: 1_000_000_000,
                realNanoseconds: 1_790_000_000_000_000_000
            )
        )
    }

    private static var workerHello: Hello {
        var limits = PeerLimits()
        limits.frameBytesMax = 65_536
        limits.submitBytesMax = 1_048_576
        limits.streamsMax = 256
        limits.promptTokensMax = 131_072
        limits.stepRowsMax = 256
        limits.windowBytes = 4_194_304
        limits.controlFramesPerSecondMax = 1000
        return Hello(
            role: .worker,
            minorMax: 2,
            instanceID: InstanceID(rawValue: 0xF0F1_F2F3_F4F5_F6F7_F8F9_FAFB_FCFD_FEFF),
            name: "gpu-0",
            generation: 7,
            build: "hocket-worker 0.1.0",
            engine: "vllm 0.32.0",
            capabilities: [.logprobs, .seed, .constraintJSONSchema, .constraintFinalChannel],
            limits: limits,
            models: [
                ModelInfo(
                    id: "gpt-oss-20b",
                    contextTokensMax: 131_072,
                    outputTokensMax: 32_768,
                    stopTokenIDs: [200_002, 200_012]
                ),
                ModelInfo(id: "adapter", contextTokensMax: 4096),
            ],
            schemaFingerprint: 0xFEDC_BA98_7654_3210,
            clock: PeerClock(monotonicNanoseconds: 5, realNanoseconds: 6)
        )
    }

    private static var fullSubmit: Submit {
        Submit(
            requestID: requestID,
            model: "gpt-oss-20b",
            prompt: [0, 201_087],
            creditTokens: 256,
            deadlineNanoseconds: 30_000_000_000,
            sampling: Sampling(
                outputTokensMax: 100,
                temperature: 0.75,
                topP: 0.5,
                topK: 40,
                minP: 0.25,
                seed: -1,
                frequencyPenalty: 0.5,
                presencePenalty: -0.5,
                repetitionPenalty: 1.5,
                stopTokenIDs: [200_002, 200_012],
                logitBias: [
                    LogitBias(tokenID: 7, bias: -100), LogitBias(tokenID: 8, bias: 2.5),
                ],
                logprobs: true,
                topLogprobs: 5
            ),
            constraint: Constraint(
                .jsonSchema(Array(#"{"type":"object"}"#.utf8)),
                start: .firstToken
            ),
            priority: -2,
            cacheSalt: Array("tenant-a".utf8),
            traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            traceState: "k=v"
        )
    }

    private static var failedFinish: Finish {
        Finish(
            .error,
            usage: TokenUsage(promptTokens: 120),
            status: Status(
                .resourceExhausted,
                "out of memory (free: 12 MB, needed: 40 MB)",
                isRetryable: true,
                details: [0x00, 0xFF]
            ),
            emittedTokens: 3
        )
    }
}
