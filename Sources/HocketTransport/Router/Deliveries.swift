import Harmony
import HocketEngine
import HocketWire
import NIOCore

/// What one read of a worker's socket brings for the sinks.
///
/// A sink on the connection's own event loop gets its tokens at once, and is told to write when
/// the read is complete. Tokens for another loop are collected and go over in one hop for each
/// loop, not for each stream. Streams that ended are told last, after all their tokens.
struct Deliveries {
    /// Tokens on their way to another event loop.
    struct Batch {
        let eventLoop: any EventLoop
        var rows: [(stream: GenerationStream, end: Int, logprobs: LogprobColumns?)] = []
        var tokens: [TokenID] = []

        mutating func append(
            _ newTokens: Span<TokenID>,
            _ logprobs: LogprobColumns?,
            for stream: GenerationStream
        ) {
            for index in newTokens.indices { tokens.append(newTokens[index]) }
            rows.append((stream, tokens.count, logprobs))
        }

        /// Hands the tokens over; on the sinks' loop.
        func deliver() {
            var start = 0
            for (stream, end, logprobs) in rows {
                let range = start..<end
                if let logprobs {
                    logprobs.withRow { stream.deliver(tokens.span.extracting(range), $0) }
                } else {
                    stream.deliver(tokens.span.extracting(range))
                }
                start = end
            }
            // A stream with two rows is told twice; the second time it has nothing to write.
            for row in rows { row.stream.completeRead() }
        }
    }

    private var localStreams: [GenerationStream] = []
    private var batches: [Batch] = []
    private var ended: [(stream: GenerationStream, end: SamplingEnd)] = []

    /// A row of a STEP came for a stream.
    mutating func add(_ tokens: Span<TokenID>, for stream: GenerationStream) {
        guard stream.sharesLoop else { return addRemote(tokens, nil, for: stream) }
        if stream.readBegan() { localStreams.append(stream) }
        stream.deliver(tokens)
    }

    /// A row came for a stream that asked for log probabilities.
    mutating func add(
        _ tokens: Span<TokenID>,
        _ logprobs: borrowing StepLogprobs,
        for stream: GenerationStream
    ) {
        guard stream.sharesLoop else {
            return addRemote(tokens, LogprobColumns(logprobs), for: stream)
        }
        if stream.readBegan() { localStreams.append(stream) }
        stream.deliver(tokens, logprobs)
    }

    private mutating func addRemote(
        _ tokens: Span<TokenID>,
        _ logprobs: LogprobColumns?,
        for stream: GenerationStream
    ) {
        let index = batches.firstIndex { $0.eventLoop === stream.sink.eventLoop }
        if let index {
            batches[index].append(tokens, logprobs, for: stream)
        } else {
            var batch = Batch(eventLoop: stream.sink.eventLoop)
            batch.append(tokens, logprobs, for: stream)
            batches.append(batch)
        }
    }

    /// A stream is over.
    mutating func end(_ stream: GenerationStream, _ end: SamplingEnd) {
        ended.append((stream, end))
    }

    /// Whether nothing waits to be handed over.
    var isEmpty: Bool { localStreams.isEmpty && batches.isEmpty && ended.isEmpty }

    /// The read is complete: everything is handed over, then everything is written.
    func complete() {
        for stream in localStreams {
            stream.readEnded()
            stream.completeRead()
        }
        for batch in batches {
            batch.eventLoop.execute { batch.deliver() }
        }
        for (stream, end) in ended { stream.end(end) }
    }

    /// Forgets everything but keeps the memory.
    mutating func removeAll() {
        localStreams.removeAll(keepingCapacity: true)
        batches.removeAll(keepingCapacity: true)
        ended.removeAll(keepingCapacity: true)
    }
}
