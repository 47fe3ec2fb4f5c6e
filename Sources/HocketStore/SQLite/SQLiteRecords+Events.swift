import Foundation
import GRDB
import HocketEngine

/// A log is kept in the runs that were appended, a row each: their bytes in one piece, and where
/// in them each event ends, as 32-bit little-endian integers.
extension SQLiteRecords {
    func insert(_ events: EventRun, key: Int64) throws {
        guard !events.isEmpty else { return }
        try run(
            "INSERT INTO eventRun VALUES (?, ?, ?, ?)",
            [key, events.firstSequenceNumber, encode(events.ends), Data(events.bytes)]
        )
    }

    func events(of id: String, from first: Int, bytesMax: Int) throws -> EventRun {
        guard let head = try head(id) else { throw StoreError.notFound(id) }
        var events = EventRun(startingAt: first)
        let rows = try rows(key: head.key, from: first)
        while events.bytes.count < bytesMax, let row = try rows.next() {
            let run = try decode(row, of: id)
            guard run.firstSequenceNumber <= events.nextSequenceNumber else {
                throw damaged(id, at: events.nextSequenceNumber)
            }
            let part = run.part(
                from: events.nextSequenceNumber,
                bytesMax: bytesMax - events.bytes.count
            )
            events.append(part)
        }
        return events
    }

    /// The runs from the one on that holds the event with the number `first`.
    private func rows(key: Int64, from first: Int) throws -> RowCursor {
        try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT firstSequenceNumber, ends, bytes FROM eventRun
                    WHERE responseKey = :key AND firstSequenceNumber >= (
                        SELECT max(firstSequenceNumber) FROM eventRun
                        WHERE responseKey = :key AND firstSequenceNumber <= :first
                    )
                    ORDER BY firstSequenceNumber
                    """
            ),
            arguments: ["key": key, "first": first]
        )
    }

    private func decode(_ row: Row, of id: String) throws -> EventRun {
        let first: Int = row[0]
        let ends = decode(row[1] as Data)
        guard let run = EventRun(startingAt: first, bytes: Array(row[2] as Data), ends: ends) else {
            throw damaged(id, at: first)
        }
        return run
    }

    private func damaged(_ id: String, at sequenceNumber: Int) -> StoreError {
        StoreError(
            code: .corrupted,
            message: "the log of response \(id) is damaged at event \(sequenceNumber)"
        )
    }

    private func encode(_ ends: [Int]) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ends.count * 4)
        for end in ends {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: end >> shift))
            }
        }
        return Data(bytes)
    }

    private func decode(_ ends: Data) -> [Int] {
        let bytes = Array(ends)
        return stride(from: 0, to: bytes.count - 3, by: 4).map { offset in
            (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
        }
    }
}
