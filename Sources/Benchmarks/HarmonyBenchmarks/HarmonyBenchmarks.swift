import Benchmark
import Harmony

/// What the Harmony library costs, per call of the amounts that the names say.
///
///     HOCKET_BENCHMARKS=1 swift package benchmark --target HarmonyBenchmarks
let benchmarks: @Sendable () -> Void = {
    // Set once, before any benchmark runs.
    unsafe Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput, .instructions],
        maxDuration: .seconds(3)
    )
    tokenizerBenchmarks()
    rendererBenchmarks()
    parserBenchmarks()
}

@Sendable
private func tokenizerBenchmarks() {
    let tokenizer = Tokenizer()
    for (name, text) in [("English", Sample.english), ("code", Sample.code), ("CJK", Sample.cjk)] {
        let tokens = tokenizer.encode(text)
        Benchmark("encode 64 KB of \(name)") { _ in blackHole(tokenizer.encode(text)) }
        Benchmark("decode 64 KB of \(name)") { _ in blackHole(try tokenizer.decode(tokens)) }
    }
}

@Sendable
private func rendererBenchmarks() {
    let renderer = HarmonyRenderer()
    let short = Conversation(messages: [Message(role: .user, content: "Hi")])
    let long = Conversation(messages: [Message(role: .user, content: Sample.english)])
    Benchmark("render a short message") { _ in blackHole(try renderer.render(short)) }
    Benchmark("render 64 KB of English") { _ in blackHole(try renderer.render(long)) }
}

@Sendable
private func parserBenchmarks() {
    let content = Sample.finalMessage(Tokenizer().encode(Sample.english))
    let headers = Array(repeating: Sample.toolCall, count: 1000).flatMap(\.self)
    Benchmark("parse \(content.count) tokens of content") { _ in parse(content) }
    Benchmark("parse \(headers.count) tokens of headers") { _ in parse(headers) }
}

private func parse(_ tokens: [TokenID]) {
    var parser = HarmonyParser()
    var receiver = CountingReceiver()
    parser.consume(contentsOf: tokens, into: &receiver)
    parser.finish(into: &receiver)
    blackHole(receiver.bytes)
}

/// Counts what it is told, so that the parser's work is not optimised away.
private struct CountingReceiver: HarmonyEventReceiver {
    var bytes = 0

    mutating func messageStarted(_ header: HarmonyHeader) { bytes += 1 }
    mutating func textReceived(_ utf8: Span<UInt8>) { bytes += utf8.count }
    mutating func messageEnded(_ end: HarmonyMessageEnd) { bytes += 1 }
    mutating func repaired(_ diagnostic: HarmonyDiagnostic) { bytes += 1 }
}
