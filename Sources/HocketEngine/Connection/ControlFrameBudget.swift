public import HocketWire
public import NIOCore

/// How many control frames a side may still send: as many a second as its peer advertised.
///
/// Frames that were sent in time may be read late, all at once, so a receiver lets bursts of a few
/// seconds' worth through; a sender keeps to one second's.
public struct ControlFrameBudget: Sendable {
    /// For how many seconds' worth of frames at once a receiver has room.
    public static let receivedBurstSeconds = 5

    private let perSecond: Int
    /// In billionths of a frame, so that nothing is lost however often time passes.
    private let full: Int
    private var left: Int
    private var refilledAt: NIODeadline

    /// Creates a full budget.
    ///
    /// - Parameters:
    ///   - perSecond: how many frames a second there are.
    ///   - burstSeconds: how many seconds' worth of them may come at once.
    ///   - now: the time.
    public init(
        perSecond: Int,
        burstSeconds: Int = receivedBurstSeconds,
        now: NIODeadline
    ) {
        self.perSecond = perSecond
        full = Self.product(Self.product(perSecond, burstSeconds), Self.wholeFrame)
        left = full
        refilledAt = now
    }

    /// A frame came.
    ///
    /// - Throws: ``WireError`` when the peer floods this side.
    public mutating func frameReceived(_ type: FrameType) throws(WireError) {
        guard type.isControl, !take() else { return }
        throw WireError(
            .frameRateExceeded,
            "too many control frames, the last of them \(type) (max: \(perSecond) a second)"
        )
    }

    /// A frame is about to be sent, or came.
    ///
    /// - Returns: whether there was one left.
    public mutating func take() -> Bool {
        guard left >= Self.wholeFrame else { return false }
        left -= Self.wholeFrame
        return true
    }

    /// Time passed; call it several times a second.
    public mutating func timePassed(now: NIODeadline) {
        let refill = Self.product(Int((now - refilledAt).nanoseconds), perSecond)
        refilledAt = now
        left = refill >= full - left ? full : left + refill
    }

    private static let wholeFrame = 1_000_000_000

    private static func product(_ a: Int, _ b: Int) -> Int {
        let product = a.multipliedReportingOverflow(by: b)
        return product.overflow ? .max : product.partialValue
    }
}
