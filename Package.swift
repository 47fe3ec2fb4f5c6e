// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "hocket",
    products: [
        .executable(name: "hocket", targets: ["hocket"]),
        .library(name: "Harmony", targets: ["Harmony"]),
        .library(name: "OpenAIAPI", targets: ["OpenAIAPI"]),
        .library(name: "HocketWire", targets: ["HocketWire"]),
        .library(name: "HocketWorker", targets: ["HocketWorker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // Without its default traits Hummingbird needs no full Foundation, which keeps the
        // resident memory of an idle router small.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // Layer 0: C.

        // The o200k tables, compiled in with #embed: read-only data, shared between processes.
        .target(name: "CHarmonyVocabulary"),
        // Module map for libprotobuf-c.
        .systemLibrary(
            name: "CProtobufC",
            pkgConfig: "libprotobuf-c",
            providers: [.apt(["libprotobuf-c-dev"])]
        ),
        // protoc-c's output for Protos/, checked in, never edited by hand.
        .target(name: "CHocketWire", dependencies: ["CProtobufC"]),

        // Layer 1: formats.

        // The Harmony format: vocabulary, tokenizer, renderer, streaming parser.
        .target(
            name: "Harmony",
            dependencies: ["CHarmonyVocabulary"],
            // A token's bytes are a span of the read-only tables; only `@_lifetime` can say so.
            swiftSettings: [.enableExperimentalFeature("Lifetimes")]
        ),
        // Frames and messages of the worker protocol, bytes <-> values.
        .target(
            name: "HocketWire",
            dependencies: ["CHocketWire", .nioCore]
        ),

        // Layer 2: behaviour.

        // One sampling: worker directory, placement, connection and stream machines, ports.
        .target(
            name: "HocketEngine",
            dependencies: ["Harmony", "HocketWire", .nioCore, .tracing]
        ),
        // Responses and Chat objects; the machine from Harmony events to API events and SSE bytes.
        .target(name: "OpenAIAPI", dependencies: ["Harmony", .crypto, .nioCore]),

        // Layer 3: the service and the adapters.

        // One request's life: rounds of sampling, tools, storage.
        .target(
            name: "HocketResponses",
            dependencies: [
                "Harmony", "HocketEngine", "HocketWire", "OpenAIAPI", .coreMetrics, .lifecycle,
                .logging, .nioCore, .tracing,
            ]
        ),
        // Unix sockets: worker listener, dialler.
        .target(
            name: "HocketTransport",
            dependencies: [
                "Harmony", "HocketEngine", "HocketWire", .lifecycle, .logging, .nioCore, .nioPosix,
            ]
        ),
        // MCP client: streamable HTTP, HTTP+SSE, stdio.
        .target(
            name: "HocketMCP",
            dependencies: [
                "Harmony", "HocketEngine", "HocketWire", .asyncHTTPClient, .coreMetrics,
                .lifecycle, .logging, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .subprocess,
                .systemPackage,
            ]
        ),
        // Responses and their events: in memory, in SQLite.
        .target(name: "HocketStore", dependencies: ["HocketEngine", .grdb]),
        // The router's own spans: the tracer, and their export over OTLP.
        .target(
            name: "HocketTracing",
            dependencies: [
                "Harmony", "HocketEngine", .asyncHTTPClient, .coreMetrics, .lifecycle, .logging,
                .nioCore, .nioHTTP1, .tracing,
            ]
        ),
        // Live tap of the frames that cross a router.
        .target(
            name: "HocketCapture",
            dependencies: [
                "Harmony", "HocketEngine", "HocketWire", .lifecycle, .nioCore, .nioPosix,
            ]
        ),

        // Layer 4: the fronts.

        // Hummingbird routes and the client side of the token path.
        .target(
            name: "HocketHTTP",
            dependencies: [
                "Harmony", "HocketEngine", "HocketResponses", "HocketTransport", "HocketWire",
                "OpenAIAPI", .coreMetrics, .crypto, .hummingbird, .httpTypes, .lifecycle, .logging,
                .nioCore, .nioPosix, .nioWebSocket, .tracing,
            ]
        ),
        // The worker kit: implement one protocol, everything else is done.
        .target(
            name: "HocketWorker",
            dependencies: [
                "Harmony", "HocketEngine", "HocketTransport", "HocketWire", .lifecycle, .logging,
                .nioCore, .nioPosix,
            ]
        ),

        // Layer 5: test doubles, and the check of workers.

        // The worker without a model: `hocket worker --simulate`, `hocket demo`.
        .target(
            name: "HocketSimulation",
            dependencies: ["Harmony", "HocketTransport", "HocketWire", "HocketWorker", .nioCore]
        ),

        // Plays the router for a worker of any make: `hocket worker-check`.
        .target(
            name: "HocketConformance",
            dependencies: [
                "Harmony", "HocketTransport", "HocketWire", .logging, .nioCore, .nioPosix,
            ]
        ),

        // In-process backend, manual clock, transcripts and their grammars: for tests only.
        .target(
            name: "HocketTesting",
            dependencies: [
                "Harmony", "HocketEngine", "HocketResponses", "HocketStore", "HocketWire",
                "OpenAIAPI", .nioCore,
            ]
        ),

        // Layer 6: the executable. Subcommands parse flags, compose services and run them.
        .executableTarget(
            name: "hocket",
            dependencies: [
                "Harmony", "HocketCapture", "HocketConformance", "HocketEngine", "HocketHTTP",
                "HocketMCP", "HocketResponses", "HocketSimulation", "HocketStore",
                "HocketTracing", "HocketTransport", "HocketWire", "HocketWorker", "OpenAIAPI",
                .argumentParser, .asyncHTTPClient, .coreMetrics, .nioHTTP1,
                .configuration, .lifecycle, .logging, .nioCore, .nioPosix, .systemPackage,
                .tracing, .unixSignals,
            ]
        ),

        // Runs the built binary, found beside the tests.
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["hocket", "Harmony"],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "HarmonyTests",
            dependencies: ["Harmony"],
            resources: [.copy("Cases")]
        ),
        .testTarget(
            name: "HocketCaptureTests",
            dependencies: [
                "Harmony", "HocketCapture", "HocketEngine", "HocketWire", .lifecycle, .logging,
                .nioCore, .nioEmbedded, .nioPosix,
            ],
            resources: [.copy("Golden")]
        ),
        .testTarget(
            name: "HocketConformanceTests",
            dependencies: [
                "Harmony", "HocketConformance", "HocketTesting", "HocketTransport", "HocketWire",
                .logging, .nioCore, .nioPosix,
            ]
        ),
        .testTarget(
            name: "HocketEngineTests",
            dependencies: ["HocketEngine", "HocketTesting", "HocketWire", .nioCore]
        ),
        .testTarget(
            name: "HocketHTTPTests",
            dependencies: [
                "Harmony", "HocketEngine", "HocketHTTP", "HocketResponses", "HocketTesting",
                "HocketWire", "OpenAIAPI", .coreMetrics, .lifecycle, .logging, .nioCore,
                .nioEmbedded, .nioPosix, .nioWebSocket,
            ]
        ),
        // Against the official Python SDK and servers that misbehave, each a process of its own.
        .testTarget(
            name: "HocketMCPTests",
            dependencies: [
                "Harmony", "HocketEngine", "HocketMCP", "HocketWire", .asyncHTTPClient,
                .coreMetrics, .logging, .nioCore, .subprocess, .systemPackage,
            ],
            resources: [.copy("Servers")]
        ),
        .testTarget(
            name: "HocketResponsesTests",
            dependencies: [
                "Harmony", "HocketEngine", "HocketResponses", "HocketStore", "HocketTesting",
                "HocketWire", "OpenAIAPI", .lifecycle, .logging, .nioCore, .nioEmbedded, .nioPosix,
            ]
        ),
        .testTarget(
            name: "HocketSimulationTests",
            dependencies: [
                "Harmony", "HocketEngine", "HocketSimulation", "HocketTesting", "HocketTransport",
                "HocketWire", "HocketWorker", "OpenAIAPI", .lifecycle, .logging, .nioCore,
                .nioPosix,
            ]
        ),
        .testTarget(
            name: "HocketStoreTests",
            dependencies: ["HocketEngine", "HocketStore", .grdb],
            resources: [.copy("Golden")]
        ),
        // With a collector of its own on a loopback socket.
        .testTarget(
            name: "HocketTracingTests",
            dependencies: [
                "Harmony", "HocketEngine", "HocketHTTP", "HocketResponses", "HocketTesting",
                "HocketTracing", "HocketWire", .asyncHTTPClient, .coreMetrics, .lifecycle,
                .logging, .nioCore, .nioHTTP1, .nioPosix, .tracing,
            ],
            resources: [.copy("Golden")]
        ),
        .testTarget(
            name: "HocketTransportTests",
            dependencies: [
                "Harmony", "HocketEngine", "HocketTesting", "HocketTransport", "HocketWire",
                "HocketWorker", .lifecycle, .logging, .nioCore, .nioEmbedded, .nioPosix,
            ]
        ),
        .testTarget(
            name: "HocketWireTests",
            dependencies: ["HocketWire", .nioCore]
        ),
        .testTarget(
            name: "OpenAIAPITests",
            dependencies: ["Harmony", "HocketTesting", "OpenAIAPI", .nioCore],
            resources: [.copy("Golden")]
        ),
    ]
)

// Benchmarks: HOCKET_BENCHMARKS=1 swift package benchmark. HarmonyThroughput is what the script in
// Deploy/bench/harmony times beside other tokenizers, BridgeThroughput what Deploy/bench/bridge.sh
// runs.
if Context.environment["HOCKET_BENCHMARKS"] != nil {
    package.dependencies.append(
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: [])
    )
    package.targets += [
        .executableTarget(
            name: "HarmonyBenchmarks",
            dependencies: ["Harmony", .product(name: "Benchmark", package: "benchmark")],
            path: "Sources/Benchmarks/HarmonyBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(
            name: "HarmonyThroughput",
            dependencies: ["Harmony"],
            path: "Sources/Benchmarks/HarmonyThroughput"
        ),
        .target(name: "CBridgeFloor", path: "Sources/Benchmarks/CBridgeFloor"),
        .executableTarget(
            name: "BridgeThroughput",
            dependencies: [
                "CBridgeFloor", "Harmony", "HocketEngine", "HocketTransport", "HocketWire",
                .logging, .nioCore, .nioPosix,
            ],
            path: "Sources/Benchmarks/BridgeThroughput"
        ),
    ]
}

// Fuzzers link only with the fuzzer's runtime; Deploy/fuzz.sh builds and runs them.
if Context.environment["HOCKET_FUZZ"] != nil {
    let fuzzers: [(name: String, dependencies: [Target.Dependency])] = [
        ("FuzzHarmonyParser", ["Harmony"]), ("FuzzHarmonyText", ["Harmony"]),
        ("FuzzWireFrames", ["HocketWire", .nioCore]),
    ]
    package.targets += fuzzers.map { name, dependencies in
        .executableTarget(
            name: name,
            dependencies: dependencies,
            path: "Sources/Fuzzers/\(name)"
        )
    }
}

// HOCKET_TEST_TARGETS=HarmonyTests,HocketWireTests leaves of this package only those test targets and
// what they need: Deploy/sanitize.sh builds no more under a sanitizer than it runs.
if let names = Context.environment["HOCKET_TEST_TARGETS"] {
    var wanted = Set(names.split(separator: ",").map(String.init))
    for target in package.targets.reversed() where wanted.contains(target.name) {
        wanted.formUnion(target.dependencies.compactMap(\.targetName))
    }
    package.targets.removeAll { !wanted.contains($0.name) }
    package.products = []
}

extension Target.Dependency {
    /// The target of this package that is meant; nil for another package's product.
    var targetName: String? {
        switch self {
        case .byNameItem(let name, _), .targetItem(let name, _): name
        default: nil
        }
    }

    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioWebSocket = product(name: "NIOWebSocket", package: "swift-nio")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let tracing = product(name: "Tracing", package: "swift-distributed-tracing")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
}

// Every Swift target is built alike: language mode 6 (from the tools version), no warning
// tolerated, and each touch of C memory spelled `unsafe`.
let cTargets: Set<String> = [
    "CBridgeFloor", "CHarmonyVocabulary", "CProtobufC", "CHocketWire",
]
for target in package.targets where !cTargets.contains(target.name) {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .strictMemorySafety(),
            .treatAllWarnings(as: .error),
        ]
}
