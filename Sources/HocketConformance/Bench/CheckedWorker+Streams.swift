import HocketWire
import NIOCore

extension CheckedWorker {
    /// A token that models do not generate: streams that name it go on as long as they are asked.
    static let stopToken: UInt32 = 200_013

    /// The next stream's id.
    func nextStream() throws -> StreamID {
        let next = lastStream.map(\.next) ?? .firstOfRouter
        guard let next else { throw CaseEnd.skipped("stream ids are used up") }
        lastStream = next
        return next
    }

    /// A request for so many tokens.
    func request(_ tokens: Int = 16, credit: Int = 1_000) -> Submit {
        Submit(
            requestID: RequestID(rawValue: UInt128(lastStream?.rawValue ?? 0) + 1),
            model: options.model,
            prompt: options.prompt,
            creditTokens: credit,
            sampling: Sampling(
                outputTokensMax: tokens,
                temperature: 0,
                stopTokenIDs: [Self.stopToken]
            )
        )
    }

    /// Opens a stream.
    func submit(_ tokens: Int = 16, credit: Int = 1_000) throws -> StreamID {
        try submit(request(tokens, credit: credit))
    }

    /// Opens a stream.
    func submit(_ submit: Submit) throws -> StreamID {
        let stream = try nextStream()
        try send(.submit(submit), on: stream)
        return stream
    }

    /// Grants tokens.
    func grant(_ tokens: Int, to stream: StreamID) throws {
        try send(.credit(Credit(tokens)), on: stream)
    }

    /// The record of a stream that was opened.
    subscript(stream: StreamID) -> StreamRecord {
        ledger.streams[stream] ?? StreamRecord(request())
    }

    /// Waits for ACCEPT.
    func accept(of stream: StreamID) async throws {
        try await wait(for: "ACCEPT on stream \(stream)") {
            $0.streams[stream]?.isAccepted == true || $0.streams[stream]?.end != nil
        }
        if let refusal = self[stream].refusal {
            throw CaseEnd.failed("stream \(stream) is refused: \(refusal.code), \(refusal.message)")
        }
    }

    /// Waits until a stream has given so many tokens.
    ///
    /// - Throws: `skipped` when the model had less to say.
    func tokens(_ count: Int, of stream: StreamID) async throws {
        try await wait(for: "\(count) tokens on stream \(stream)") {
            ($0.streams[stream]?.tokens.count ?? 0) >= count || $0.streams[stream]?.end != nil
        }
        try accepted(stream)
        guard self[stream].tokens.count >= count else {
            throw CaseEnd.skipped(
                "the output has \(self[stream].tokens.count) tokens, the case needs \(count): "
                    + "try another prompt"
            )
        }
    }

    /// Waits for FINISH.
    @discardableResult
    func finish(of stream: StreamID, within limit: TimeAmount = .seconds(15)) async throws -> Finish
    {
        try await wait(for: "FINISH on stream \(stream)", within: limit) {
            $0.streams[stream]?.end != nil
        }
        try accepted(stream)
        return self[stream].finish ?? Finish(.unspecified, emittedTokens: 0)
    }

    /// Waits for STREAM_ERROR instead of ACCEPT.
    func refusal(of stream: StreamID) async throws -> Status {
        try await wait(for: "STREAM_ERROR on stream \(stream)") {
            $0.streams[stream]?.isAccepted == true || $0.streams[stream]?.end != nil
        }
        guard let refusal = self[stream].refusal else {
            throw CaseEnd.failed("stream \(stream) was accepted")
        }
        return refusal
    }

    /// Waits for CONN_ERROR, and for the end of the connection behind it.
    func connectionError() async throws -> Status {
        try await wait(for: "CONN_ERROR", within: .seconds(5)) { $0.connectionError != nil }
        try await waitForEnd()
        return ledger.connectionError ?? .ok
    }

    /// Shows that the connection lives: a stream runs to its end.
    func showLife() async throws {
        let stream = try submit(2)
        try await finish(of: stream)
    }

    private func accepted(_ stream: StreamID) throws(CaseEnd) {
        guard let refusal = self[stream].refusal else { return }
        throw .failed("stream \(stream) is refused: \(refusal.code), \(refusal.message)")
    }
}
