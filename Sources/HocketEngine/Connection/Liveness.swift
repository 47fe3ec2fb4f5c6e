public import HocketWire
public import NIOCore

/// Whether the other end of a connection is still there: PING after silence, and what follows when
/// the silence goes on.
///
/// A peer that dies closes its socket, which is noticed at once; this is for one that hangs. Any
/// byte is a sign of life, an answer to PING is only what a silent peer is made to give.
public struct Liveness: Sendable {
    /// What to do now.
    public enum OnTimePassed: Hashable {
        /// Nothing.
        case wait
        /// Send PING with this nonce.
        case ping(nonce: UInt64)
        /// Give the connection up.
        case hung(silence: TimeAmount)
    }

    private let interval: TimeAmount
    private let timeout: TimeAmount
    private var heardAt: NIODeadline
    private var pingedAt: NIODeadline?
    private var wasHeard = false
    private var lastNonce: UInt64 = 0
    private var lastAnswered: UInt64 = 0

    /// Begins to watch.
    ///
    /// - Parameters:
    ///   - interval: after so long without a byte, the peer is asked.
    ///   - timeout: after so long without a byte since then, it counts as hung.
    ///   - now: when the peer was last heard.
    public init(interval: TimeAmount, timeout: TimeAmount, now: NIODeadline) {
        self.interval = interval
        self.timeout = timeout
        heardAt = now
    }

    /// Bytes came; the time is taken at the next ``timePassed(now:)``, so that reads cost nothing.
    public mutating func bytesReceived() { wasHeard = true }

    /// PONG came.
    ///
    /// - Throws: ``WireError`` when it answers no PING, or one that was answered before.
    public mutating func pongReceived(nonce: UInt64) throws(WireError) {
        guard nonce > lastAnswered, nonce <= lastNonce else {
            throw WireError(.frameUnexpected, "PONG with the nonce \(nonce), which was not sent")
        }
        lastAnswered = nonce
    }

    /// Time passed; call it several times an interval.
    public mutating func timePassed(now: NIODeadline) -> OnTimePassed {
        if wasHeard {
            wasHeard = false
            heardAt = now
            pingedAt = nil
        }
        if let pingedAt {
            return now - pingedAt >= timeout ? .hung(silence: now - heardAt) : .wait
        }
        guard now - heardAt >= interval else { return .wait }
        pingedAt = now
        lastNonce += 1
        return .ping(nonce: lastNonce)
    }
}
