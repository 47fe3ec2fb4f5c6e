import HocketEngine

/// The responses of a store in memory, and the order in which they are forgotten.
struct MemoryContents {
    /// A response and its log.
    struct Record {
        var response: StoredResponse
        var events: EventRun
        let age: Age

        var byteCount: Int { response.byteCount + events.bytes.count }
    }

    /// A response's place in the order of age; equal times are told apart by who came first.
    struct Age: Comparable {
        let createdAt: Int
        let arrival: Int
        let id: String

        static func < (one: Age, other: Age) -> Bool {
            (one.createdAt, one.arrival) < (other.createdAt, other.arrival)
        }
    }

    private let limits: StoreLimits
    private var records: [String: Record] = [:]
    /// Every record's age, sorted, the oldest first.
    ///
    /// To forget the oldest moves all others up, 32 bytes each: some microseconds for thousands.
    private var ages: [Age] = []
    private var arrivals = 0
    var conversations: MemoryConversations
    private(set) var usage = StoreUsage()

    init(limits: StoreLimits, conversationLimits: ConversationLimits) {
        self.limits = limits
        conversations = MemoryConversations(
            limits: conversationLimits,
            ageSecondsMax: limits.ageSecondsMax
        )
    }

    // MARK: - Reading

    /// The record with an id, unless it is over age.
    func record(_ id: String, at now: Int) -> Record? {
        records[id].flatMap { $0.age.createdAt < limits.oldestCreation(at: now) ? nil : $0 }
    }

    func unfinished(at now: Int) -> [UnfinishedResponse] {
        ages.compactMap { age in
            guard let record = record(age.id, at: now), !record.response.state.isFinished else {
                return nil
            }
            return UnfinishedResponse(id: age.id, eventCount: record.events.count)
        }
    }

    // MARK: - Writing

    mutating func insert(
        _ response: StoredResponse,
        events: EventRun,
        adding items: [StoredItem],
        at now: Int
    ) throws(StoreError) {
        guard records[response.id] == nil else { throw .alreadyExists(response.id) }
        try events.check(continuing: response.id, eventCount: 0)
        arrivals += 1
        let age = Age(createdAt: response.createdAt, arrival: arrivals, id: response.id)
        let log = events.isEmpty ? .empty : events
        let record = Record(response: response, events: log, age: age)
        try limits.check(response.id, byteCount: record.byteCount)
        try add(items, of: response, at: now)
        ages.insert(age, at: place(of: age))
        records[response.id] = record
        usage.responses += 1
        usage.bytes += record.byteCount
        forgetOldest(sparing: response.id)
    }

    mutating func change(
        _ id: String,
        to state: ResponseState? = nil,
        appending events: EventRun,
        adding items: [StoredItem] = [],
        at now: Int
    ) throws(StoreError) {
        guard let index = records.index(forKey: id) else { throw .notFound(id) }
        let growth = try growth(of: records.values[index], to: state, appending: events)
        try add(items, of: records.values[index].response, at: now)
        if let state { records.values[index].response.state = state }
        if !events.isEmpty { records.values[index].events.append(events) }
        usage.bytes += growth
        forgetOldest(sparing: id)
    }

    /// Adds to a response's conversation, the last thing that can fail of a write.
    private mutating func add(
        _ items: [StoredItem],
        of response: StoredResponse,
        at now: Int
    ) throws(StoreError) {
        guard let id = response.conversationID, !items.isEmpty,
            conversations.conversation(id, at: now) != nil
        else { return }
        try conversations.append(items, to: id, at: now)
    }

    /// By how many bytes a record grows, if it may.
    private func growth(
        of record: Record,
        to state: ResponseState?,
        appending events: EventRun
    ) throws(StoreError) -> Int {
        let response = record.response
        try events.check(continuing: response.id, eventCount: record.events.count)
        let objectGrowth = state.map { $0.object.count - response.state.object.count } ?? 0
        let growth = objectGrowth + events.bytes.count
        try limits.check(response.id, byteCount: record.byteCount + growth)
        return growth
    }

    mutating func delete(_ id: String) -> Bool {
        guard let record = records.removeValue(forKey: id) else { return false }
        ages.remove(at: place(of: record.age))
        usage.responses -= 1
        usage.bytes -= record.byteCount
        return true
    }

    mutating func removeExpired(at now: Int) {
        let oldestKept = limits.oldestCreation(at: now)
        while let oldest = ages.first, oldest.createdAt < oldestKept { _ = delete(oldest.id) }
        conversations.removeExpired(at: now)
    }

    private mutating func forgetOldest(sparing id: String) {
        while !limits.allow(usage), let oldest = oldest(besides: id) { _ = delete(oldest) }
    }

    /// The next to go: the oldest that is finished, or else the oldest.
    private func oldest(besides id: String) -> String? {
        let others = ages.lazy.map(\.id).filter { $0 != id }
        return others.first { records[$0]?.response.state.isFinished == true } ?? others.first
    }

    /// Where an age is in the order, or belongs.
    private func place(of age: Age) -> Int {
        var range = 0..<ages.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = ages[middle] < age ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
