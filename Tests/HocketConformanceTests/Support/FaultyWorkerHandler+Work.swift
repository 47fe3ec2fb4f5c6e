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
        var builder = StepBuilder()
        for row in rows { builder.add(row.id, tokens: [row.token].span) }
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
