public import HocketWire
public import NIOCore

/// How many control frames a peer may still send: as many a second as was advertised to it.
///
/// Frames that were sent in time may be read late, all at once, so bursts of a few seconds' worth
/// are let through.
public struct ControlFrameBudget: Sendable {
    /// For how many seconds' worth of frames at once there is room.
    public static let burstSeconds = 5

    private let perSecond: Int
    /// In billionths of a frame, so that nothing is lost however often time passes.
    private let full: Int
    private var left: Int
    private var refilledAt: NIODeadline

    /// Creates a full budget.
    public init(perSecond: Int, now: NIODeadline) {
        self.perSecond = perSecond
        full = Self.product(perSecond * Self.burstSeconds, Self.wholeFrame)
        left = full
        refilledAt = now
    }

    /// A frame came.
    ///
    /// - Throws: ``WireError`` when the peer floods this side.
    public mutating func frameReceived(_ type: FrameType) throws(WireError) {
        guard type.isControl else { return }
        left -= Self.wholeFrame
        guard left < 0 else { return }
        throw WireError(
            .frameRateExceeded,
            "too many control frames, the last of them \(type) (max: \(perSecond) a second)"
        )
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
