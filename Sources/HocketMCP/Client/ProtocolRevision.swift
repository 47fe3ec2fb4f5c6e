/// A published revision of the Model Context Protocol that this client speaks.
///
/// Two eras differ in how a connection begins. Until 2025-11-25 a session is opened with
/// `initialize`; since 2026-07-28 there is no session, and every request says what it speaks
/// (specification 2026-07-28, Versioning and Compatibility).
enum ProtocolRevision: String, CaseIterable, Comparable, Sendable {
    /// The first; it has HTTP+SSE in the place of streamable HTTP.
    case november2024 = "2024-11-05"
    /// The first with streamable HTTP; the only one with batches.
    case march2025 = "2025-03-26"
    /// Adds structured content, resource links and the version header.
    case june2025 = "2025-06-18"
    /// Adds polling of broken streams.
    case november2025 = "2025-11-25"
    /// Drops sessions, resumption and requests of the server.
    case july2026 = "2026-07-28"

    /// What a client offers in `initialize`.
    static let newestWithSessions = november2025
    /// What a client puts into each request otherwise.
    static let newest = july2026

    /// Whether a session is opened with `initialize`.
    var hasSessions: Bool { self < .july2026 }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
