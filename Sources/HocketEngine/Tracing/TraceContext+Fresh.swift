extension TraceContext {
    /// The context of a fresh span: within another one, or the first of a new trace.
    ///
    /// - Parameters:
    ///   - parent: the span that calls, whose decision whether spans are recorded holds; nil for
    ///     none.
    ///   - random: 64 random bits.
    ///   - samples: whether the spans of a new trace are recorded, by the trace's id.
    public static func fresh(
        within parent: TraceContext?,
        random: () -> UInt64,
        samples: (UInt128) -> Bool = { _ in false }
    ) -> TraceContext {
        let spanID = number(of: random)
        if let parent { return parent.child(spanID: spanID) }
        let low = UInt128(random())
        let traceID = UInt128(number(of: random)) << 64 | low
        return TraceContext(traceID: traceID, spanID: spanID, isSampled: samples(traceID))
    }

    /// 64 random bits that are not all zero.
    private static func number(of random: () -> UInt64) -> UInt64 { max(random(), 1) }
}
