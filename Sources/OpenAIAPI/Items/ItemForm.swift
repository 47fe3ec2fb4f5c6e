/// For whom an item is written.
enum ItemForm: Hashable, Sendable {
    /// For callers.
    case shown
    /// For this server, which remembers more than it shows.
    case kept
}
