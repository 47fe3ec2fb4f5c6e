import HocketWire
import NIOCore

/// The engine: every tick, one token for each stream that may send one.
extension FaultyWorkerHandler {
    func work() {
        guard isAdmitted, !isClosing else { return }
        if NIODeadline.now() >= statusDue { report() }
        var rows = streams.keys.sorted().filter { mayStep($0) }
        // One stream without credit holds up all others.
        let isBlocked = streams.values.contains { $0.credit == 0 && $0.sent > 0 }
        if fault == .oneBlocksAll, isBlocked { rows = [] }
        let size = fault == .ignoresRowLimit ? rows.count : rowsMax
        while !rows.isEmpty {
            step(Array(rows.prefix(size)))
            rows.removeFirst(min(size, rows.count))
        }
        for id in streams.keys.sorted() { endIfDue(id) }
        if isDraining, streams.isEmpty { close() }
    }

    private func mayStep(_ id: StreamID) -> Bool {
        guard let stream = streams[id] else { return false }
        return stream.credit > 0 || (fault == .ignoresCredit && stream.sent > 0)
    }

    private func step(_ rows: [StreamID]) {
        for id in rows {
            streams[id]?.sent += 1
            if let credit = streams[id]?.credit, credit > 0 { streams[id]?.credit -= 1 }
        }
        sendStep(rows.map { ($0, UInt32(streams[$0]?.sent ?? 0)) })
        for id in rows where streams[id]?.isAccepted == false {
            streams[id]?.isAccepted = true
            send(.accept(Accept()), on: id)
        }
    }

    private func sendStep(_ rows: [(id: StreamID, token: UInt32)]) {
        steps += 1
        for topCount in Set(rows.map { streams[$0.id]?.topCount }) {
            sendFrame(rows.filter { streams[$0.id]?.topCount == topCount }, topCount)
        }
    }

    /// Sends the rows that have as many likely tokens beside each token, or no log probabilities.
    private func sendFrame(_ rows: [(id: StreamID, token: UInt32)], _ topCount: Int?) {
        var builder = topCount.map { StepBuilder(logprobsWithTop: $0) } ?? StepBuilder()
        for row in rows {
            guard let topCount else {
                builder.add(row.id, tokens: [row.token].span)
                continue
            }
            builder.add(
                row.id,
                tokens: [row.token].span,
                logprobs: logprobs(of: row.token, topCount)
            )
        }
        var bytes = ByteBuffer()
        var limits = PeerLimits()
        if fault != .ignoresRowLimit { limits.stepRowsMax = rowsMax }
        try? builder.write(
            step: steps,
            monotonicNanoseconds: 1,
            limits: limits,
            into: &bytes
        )
        write(bytes)
    }

    /// The token itself is the most likely one; those behind it are the next.
    private func logprobs(of token: UInt32, _ topCount: Int) -> LogprobColumns {
        let own: Float = fault == .likelierThanCertain && topCount == 0 ? 0.5 : -1
        var top = (0..<topCount).map { rank in
            (tokenID: token + UInt32(rank), logprob: own - Float(rank))
        }
        switch fault {
        case .worstFirst: top.reverse()
        case .repeatsTopLogprobs: top = top.map { (token, $0.logprob) }
        case .otherLogprobAmongTop: top = top.map { ($0.tokenID, $0.logprob - 1) }
        default: break
        }
        var columns = LogprobColumns(topCount: topCount)
        columns.append(own, top: top)
        return columns
    }

    private func endIfDue(_ id: StreamID) {
        guard let stream = streams[id], let reason = end(of: stream) else { return }
        streams[id] = nil
        finished.insert(id)
        var count = stream.sent
        if fault == .oneTokenTooMany, reason == .length, stream.credit > 0 {
            count += 1
            sendStep([(id, UInt32(count))])
        }
        if fault == .countsOneTokenTooMany { count += 1 }
        send(.finish(Finish(reason, emittedTokens: UInt64(count))), on: id)
        if fault == .tokensBehindFinish { sendStep([(id, 1)]) }
    }

    private func end(of stream: Stream) -> Finish.Reason? {
        if stream.sent >= stream.limit { return .length }
        guard let deadline = stream.deadline, fault != .ignoresDeadlines else { return nil }
        return NIODeadline.now() >= deadline ? .deadline : nil
    }
}
