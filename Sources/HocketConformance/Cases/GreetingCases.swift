import HocketWire
import NIOCore

extension CheckCase {
    /// Preface and HELLO.
    static let greeting = [
        hello, speaksFirst, waitsForAck, unknownFields, refusedForNow,
    ]

    private static let hello = CheckCase(
        "hello",
        "HELLO",
        "HELLO names role, instance, worker, models and the vocabulary, field by field"
    ) { bench in
        let worker = try await bench.meet()
        try worker.greet(by: bench.identity)
        let hello = try await worker.hello()
        try require(hello.role == .worker, "the role is not ROLE_WORKER")
        try require(hello.instanceID.rawValue != 0, "instance_id is all zeros")
        try require(!hello.name.isEmpty, "name is empty")
        try require(hello.minorMin <= hello.minorMax, "minor_min is above minor_max")
        try require(hello.minorMin == 0, "minor version 0 is not offered")
        try requireModels(hello.models)
        try require(
            hello.vocabulary == .o200kHarmony,
            "the vocabulary is not o200k_harmony: \(hello.vocabulary)"
        )
    }

    private static func requireModels(_ models: [ModelInfo]) throws(CaseEnd) {
        try require(!models.isEmpty, "no model is named")
        try require(models.allSatisfy { !$0.id.isEmpty }, "a model has no id")
        try require(Set(models.map(\.id)).count == models.count, "two models have one id")
        try require(models.allSatisfy { $0.contextTokensMax > 1 }, "a context has no room")
    }

    private static let speaksFirst = CheckCase(
        "speaks-first",
        "Preface",
        "a worker says preface and HELLO without waiting for the router's"
    ) { bench in
        let worker = try await bench.meet()
        _ = try await worker.hello()
        try await worker.admit(by: bench.identity)
        try await worker.showLife()
    }

    private static let waitsForAck = CheckCase(
        "waits-for-ack",
        "Frames",
        "between HELLO and HELLO_ACK a worker sends nothing and stays"
    ) { bench in
        let worker = try await bench.meet()
        try worker.greet(by: bench.identity)
        _ = try await worker.hello()
        try await worker.listen(for: .seconds(1))
        try require(!worker.isClosed, "the worker hung up while the router took a second")
    }

    private static let unknownFields = CheckCase(
        "unknown-fields",
        "Messages",
        "fields that a worker does not know are ignored"
    ) { bench in
        let worker = try await bench.meet()
        try await worker.admit(by: bench.identity) { $0.addUnknownField() }
        let stream = try worker.nextStream()
        let submit = worker.request(8, credit: 4)
        for message in [.submit(submit), .credit(Credit(4))] as [WireMessage] {
            worker.send(try worker.encode(message, on: stream) { $0.addUnknownField() })
        }
        try await worker.finish(of: stream)
    }

    private static let refusedForNow = CheckCase(
        "refused-for-now",
        "HELLO",
        "a worker that is refused for now leaves without a word and dials again"
    ) { bench in
        let worker = try await bench.meet()
        try worker.greet(by: bench.identity)
        _ = try await worker.hello()
        let status = Status(.unavailable, "the router is not ready", isRetryable: true)
        try worker.send(.connectionError(status))
        try await worker.waitForEnd()
        try await bench.showReturn()
    }
}
