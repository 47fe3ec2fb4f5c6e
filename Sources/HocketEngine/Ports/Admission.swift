public import NIOCore

/// A request's place among those that are served or wait.
///
/// It is given back once, by ``release()`` or by letting go of the object, whichever comes first:
/// whatever becomes of a request, its place is free afterwards.
public protocol Admission: AnyObject, Sendable {
    /// Whether the request still waits for a worker.
    var isWaiting: Bool { get }

    /// Returns when a worker has room, at once if one had from the beginning, or at a moment,
    /// whichever comes first; it may be called again after that moment.
    ///
    /// Cancelling the task gives the place back.
    ///
    /// - Parameter moment: nil to wait as long as a request may wait at all.
    /// - Returns: whether a worker has room.
    /// - Throws: ``EngineError`` `unavailable` when none had room in time, `cancelled` when the
    ///   place was given back.
    func wait(until moment: NIODeadline?) async throws(EngineError) -> Bool

    /// The request samples nothing for now: whatever is kept for it at a worker is free for others.
    ///
    /// Its next sampling has the place that its arrival gave it.
    func pause()

    /// Gives the place back: the request is done, or nobody waits for it any more. Idempotent.
    func release()
}

extension Admission {
    /// Returns when a worker has room.
    ///
    /// - Throws: ``EngineError`` as ``wait(until:)`` does.
    public func wait() async throws(EngineError) { _ = try await wait(until: nil) }
}
