import HocketEngine
import HocketStore

/// The stores that must behave alike.
enum StoreKind: CaseIterable, Sendable {
    case memory, sqlite

    /// Lends an empty store.
    func withStore(
        limits: StoreLimits = StoreLimits(),
        conversationLimits: ConversationLimits = ConversationLimits(),
        clock: SettableClock = SettableClock(),
        _ body: (any ResponseStore) async throws -> Void
    ) async throws {
        switch self {
        case .memory:
            let store = MemoryResponseStore(
                limits: limits,
                conversationLimits: conversationLimits
            ) { clock.now }
            try await body(store)
        case .sqlite:
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let path = folder.path + "/responses.sqlite"
            let store = try SQLiteResponseStore(
                path: path,
                limits: limits,
                conversationLimits: conversationLimits
            ) { clock.now }
            try await body(store)
            try store.close()
        }
    }
}
