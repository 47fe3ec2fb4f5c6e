import HocketEngine

/// The conversations of a store in memory.
struct MemoryConversations {
    private struct Record {
        var conversation: StoredConversation
        var items: [StoredItem]
        /// When it was written, in seconds since 1970; equal times are told apart by `write`.
        var updatedAt: Int
        var write: Int
        var bytes: Int
    }

    private let limits: ConversationLimits
    private let ageSecondsMax: Int
    private var records: [String: Record] = [:]
    private var bytes = 0
    private var writes = 0

    init(limits: ConversationLimits, ageSecondsMax: Int) {
        self.limits = limits
        self.ageSecondsMax = ageSecondsMax
    }

    func conversation(_ id: String, at now: Int) -> StoredConversation? {
        record(id, at: now)?.conversation
    }

    func items(of id: String, at now: Int) -> [StoredItem]? { record(id, at: now)?.items }

    func item(_ id: String, at now: Int) -> StoredItem? {
        for record in records.values where isKept(record, at: now) {
            if let item = record.items.first(where: { $0.id == id }) { return item }
        }
        return nil
    }

    /// The record with an id, unless it is over age.
    private func record(_ id: String, at now: Int) -> Record? {
        records[id].flatMap { isKept($0, at: now) ? $0 : nil }
    }

    private func isKept(_ record: Record, at now: Int) -> Bool {
        record.updatedAt >= now - ageSecondsMax
    }

    mutating func insert(
        _ conversation: StoredConversation,
        items: [StoredItem],
        at now: Int
    ) throws(StoreError) {
        let id = conversation.id
        guard records[id] == nil else { throw .conversationAlreadyExists(id) }
        let record = Record(
            conversation: conversation,
            items: items,
            updatedAt: now,
            write: writes,
            bytes: conversation.metadata.count + items.byteCount
        )
        try put(record, at: now)
    }

    mutating func update(_ id: String, metadata: [UInt8], at now: Int) throws(StoreError) {
        guard var record = records[id] else { throw .conversationNotFound(id) }
        record.bytes += metadata.count - record.conversation.metadata.count
        record.conversation.metadata = metadata
        try put(record, at: now)
    }

    mutating func append(_ items: [StoredItem], to id: String, at now: Int) throws(StoreError) {
        guard var record = records[id] else { throw .conversationNotFound(id) }
        record.items += items
        record.bytes += items.byteCount
        try put(record, at: now)
    }

    func checkRoom(for items: [StoredItem], in id: String, at now: Int) throws(StoreError) {
        guard let record = record(id, at: now) else { throw .conversationNotFound(id) }
        let bytes = record.bytes + items.byteCount
        try limits.check(id, items: record.items.count + items.count, bytes: bytes)
    }

    mutating func deleteItem(
        _ itemID: String,
        of id: String,
        at now: Int
    ) throws(StoreError) -> Bool {
        guard var record = records[id] else { return false }
        let removed = record.items.filter { $0.id == itemID }
        guard !removed.isEmpty else { return false }
        record.items.removeAll { $0.id == itemID }
        record.bytes -= removed.byteCount
        try put(record, at: now)
        return true
    }

    mutating func delete(_ id: String) -> Bool {
        guard let record = records.removeValue(forKey: id) else { return false }
        bytes -= record.bytes
        return true
    }

    mutating func removeExpired(at now: Int) {
        for (id, record) in records where !isKept(record, at: now) { _ = delete(id) }
    }

    private mutating func put(_ record: Record, at now: Int) throws(StoreError) {
        var record = record
        let id = record.conversation.id
        try limits.check(id, items: record.items.count, bytes: record.bytes)
        writes += 1
        record.updatedAt = now
        record.write = writes
        bytes += record.bytes - (records[id]?.bytes ?? 0)
        records[id] = record
        forgetOldest(sparing: id)
    }

    private mutating func forgetOldest(sparing id: String) {
        while !limits.allow(conversations: records.count, bytes: bytes) {
            let others = records.filter { $0.key != id }
            let oldest = others.min {
                ($0.value.updatedAt, $0.value.write) < ($1.value.updatedAt, $1.value.write)
            }
            guard let oldest else { return }
            _ = delete(oldest.key)
        }
    }
}

extension [StoredItem] {
    /// What the items count towards a store's limit.
    var byteCount: Int { reduce(0) { $0 + $1.json.count } }
}
