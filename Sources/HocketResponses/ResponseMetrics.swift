public import CoreMetrics
import Harmony
import HocketEngine
public import Logging
import NIOCore
import OpenAIAPI

/// What is counted of responses, for those who watch a router, and what of it is logged because
/// somebody should look into it.
public struct ResponseMetrics: Sendable {
    private let factory: any MetricsFactory
    private let logger: Logger
    /// Tokens that workers delivered.
    private let tokens: Counter
    /// How long requests waited that did.
    private let waits: Timer
    /// How long clients waited for the first token, from their request's arrival on.
    private let firstTokens: Timer

    /// Counts with the means of `factory` and logs with `logger`; without them nothing is kept.
    public init(
        factory: any MetricsFactory = NOOPMetricsHandler.instance,
        logger: Logger = Logger(label: "responses") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.factory = factory
        self.logger = logger
        tokens = Counter(label: "hocket_tokens_total", factory: factory)
        waits = Timer(label: "hocket_queue_wait_seconds", factory: factory)
        firstTokens = Timer(label: "hocket_time_to_first_token_seconds", factory: factory)
    }

    /// Tokens came, all those of one read.
    func received(tokens count: Int) {
        tokens.increment(by: count)
    }

    /// A request waited for a worker, until it was its turn or it was told otherwise.
    func waited(_ time: TimeAmount) {
        waits.recordNanoseconds(time.nanoseconds)
    }

    /// The first token of a response came; one that fails before has none and is not counted.
    func firstTokenCame(after time: TimeAmount) {
        firstTokens.recordNanoseconds(time.nanoseconds)
    }

    /// A client left whose request waited, and which had been told nothing: its response ends as
    /// those do whose clients leave later.
    func clientLeftQueue() {
        increment("hocket_responses_total", "status", ResponseStatus.cancelled.rawValue)
    }

    /// A request was answered by an error, since it was not let in or waited in vain.
    func refused(_ error: EngineError) {
        increment("hocket_requests_refused_total", "reason", "\(error.code)")
    }

    /// A response is over.
    ///
    /// - Parameter failure: why its sampling failed, if it did.
    func ended(_ machine: ResponseEventMachine, failure: EngineError?) {
        increment("hocket_responses_total", "status", machine.status.rawValue)
        if let failure { increment("hocket_samplings_failed_total", "code", "\(failure.code)") }
        if machine.unansweredRounds > 0 {
            Counter(label: "hocket_rounds_unanswered_total", factory: factory)
                .increment(by: machine.unansweredRounds)
        }
        if let violation = machine.adviceViolation, machine.status == .completed {
            Counter(label: "hocket_answers_beside_schema_total", factory: factory).increment()
            let metadata: Logger.Metadata = ["response": "\(machine.id)", "reason": "\(violation)"]
            logger.info("an answer does not follow its schema", metadata: metadata)
        }
        for repair in machine.repairs {
            increment("hocket_harmony_repairs_total", "kind", repair.kind.rawValue)
        }
    }

    // MARK: What is logged

    /// A request declared tools that this server does not offer.
    func toolsIgnored(_ types: [String], in id: String) {
        guard !types.isEmpty else { return }
        for type in types { increment("hocket_tools_ignored_total", "type", type) }
        let metadata: Logger.Metadata = [
            "response": "\(id)", "types": "\(types.joined(separator: ", "))",
        ]
        logger.warning("tools that are not served were ignored", metadata: metadata)
    }

    /// A response ended, and the store did not take that.
    func endNotKept(of id: String, _ error: StoreError) {
        Counter(label: "hocket_response_ends_not_kept_total", factory: factory).increment()
        let metadata: Logger.Metadata = ["response": "\(id)", "error": "\(error)"]
        logger.error("a response's end could not be kept", metadata: metadata)
    }

    /// A response was kept, but not added to its conversation, which has no room for it.
    func itemsLeftOut(_ count: Int, of id: String, _ error: StoreError?) {
        Counter(label: "hocket_conversation_items_left_out_total", factory: factory)
            .increment(by: count)
        let reason = error.map { "\($0)" } ?? ""
        let metadata: Logger.Metadata = ["response": "\(id)", "error": "\(reason)"]
        logger.warning("a response was not added to its conversation", metadata: metadata)
    }

    private func increment(_ label: String, _ dimension: String, _ value: String) {
        Counter(label: label, dimensions: [(dimension, value)], factory: factory).increment()
    }
}
