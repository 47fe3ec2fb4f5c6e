import Harmony
public import HocketEngine

/// A caller of tools inside the test's process, whose servers are closures.
public final class ScriptedToolCaller: ToolCaller {
    /// What a ``ScriptedToolCaller`` saw.
    public struct Record: Sendable {
        /// The servers that were asked for their tools, in order.
        public internal(set) var listed: [ToolServer] = []
        /// The spans that asked for them, in order.
        public internal(set) var listingTraces: [TraceContext?] = []
        /// The calls that were made, in order.
        public internal(set) var calls: [ToolCall] = []
        /// Where they were made.
        public internal(set) var places: [ToolServer] = []
        /// How many calls are under way.
        public internal(set) var running = 0
        /// How many calls were cancelled.
        public internal(set) var cancelled = 0
    }

    /// Answers for a server's list of tools.
    public typealias List =
        @Sendable (ToolServer) async throws(ToolError) -> [ToolDefinition]
    /// Answers for a call.
    public typealias Answer = @Sendable (ToolCall) async throws(ToolError) -> ToolResult

    private let seen = Watched(Record())
    private let list: List
    private let answer: Answer

    /// Creates a caller.
    public init(list: @escaping List, answer: @escaping Answer) {
        self.list = list
        self.answer = answer
    }

    /// Creates a caller all of whose servers have the same tools.
    ///
    /// - Parameters:
    ///   - tools: the names of the tools.
    ///   - answer: answers every call; by default with the tool's name and its arguments.
    public convenience init(
        tools: [String],
        answer: @escaping Answer = { call in
            ToolResult(text: "\(call.name) of \(String(decoding: call.arguments, as: UTF8.self))")
        }
    ) {
        let definitions = tools.map { ToolDefinition(name: $0, inputSchema: ["type": "object"]) }
        self.init(list: { _ in definitions }, answer: answer)
    }

    /// What it saw so far.
    public var record: Record { seen.value }

    /// Returns as soon as the record fulfils a condition.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func recorded(_ condition: @escaping @Sendable (Record) -> Bool) async throws {
        try await seen.wait(until: condition)
    }

    /// The tools of a server, as the script has them.
    public func tools(
        of server: ToolServer,
        trace: TraceContext?
    ) async throws(ToolError) -> [ToolDefinition] {
        seen.change { record in
            record.listed.append(server)
            record.listingTraces.append(trace)
        }
        return try await list(server)
    }

    /// Plays a call.
    public func call(
        _ call: ToolCall,
        at server: ToolServer,
        progress: @escaping @Sendable (ToolProgress) -> Void
    ) async throws(ToolError) -> ToolResult {
        seen.change { record in
            record.calls.append(call)
            record.places.append(server)
            record.running += 1
        }
        defer {
            let wasCancelled = Task.isCancelled
            seen.change { record in
                record.running -= 1
                if wasCancelled { record.cancelled += 1 }
            }
        }
        return try await answer(call)
    }
}

extension ToolResult {
    /// Waits until the task is cancelled.
    public static func never() async throws(ToolError) -> ToolResult {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        defer { continuation.finish() }
        for await _ in stream {}
        throw ToolError(code: .cancelled, message: "the call was cancelled")
    }
}
