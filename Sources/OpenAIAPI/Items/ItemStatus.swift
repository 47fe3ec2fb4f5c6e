/// How far an item has come (an item's `status`).
public enum ItemStatus: String, Hashable, Sendable, CaseIterable {
    /// The model is still writing it.
    case inProgress = "in_progress"
    /// It is whole.
    case completed
    /// The model was stopped in the middle of it.
    case incomplete
    /// It was carried out, and that went wrong.
    case failed
    /// It is being carried out.
    case calling
    /// Its code is being run.
    case interpreting
    /// The web is being searched for it.
    case searching
}
