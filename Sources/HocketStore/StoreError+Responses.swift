import HocketEngine

extension StoreError {
    static func notFound(_ id: String) -> StoreError {
        StoreError(code: .notFound, message: "response \(id) is not stored")
    }

    static func alreadyExists(_ id: String) -> StoreError {
        StoreError(code: .alreadyExists, message: "response \(id) is stored already")
    }
}

extension EventRun {
    /// Refuses events that do not continue a log of `eventCount` events; none always do.
    func check(continuing id: String, eventCount: Int) throws(StoreError) {
        guard !isEmpty, firstSequenceNumber != eventCount else { return }
        throw StoreError(
            code: .outOfOrder,
            message: "the log of response \(id) continues with event \(eventCount), "
                + "not with \(firstSequenceNumber)"
        )
    }
}
