import CHocketWire

extension MessageDecoder {
    /// Reads a STEP in place.
    ///
    /// Nothing is copied and, once the decoder's memory is warm, nothing allocated.
    ///
    /// - Parameters:
    ///   - frame: a frame of type STEP.
    ///   - body: receives the step.
    /// - Throws: `messageMalformed`, `messageInvalid` or `arenaExhausted`, or what `body` throws.
    public func withStep(
        _ frame: Frame,
        _ body: (borrowing StepView) throws(WireError) -> Void
    ) throws(WireError) {
        precondition(frame.header.type == .step, "\(frame.header.type) is not STEP")
        precondition(!isLent, "withStep is called from within withStep")
        arena.reset()
        let record = unsafe try arena.unpack(frame, as: Hocket__V1__Step.self)
        let step = unsafe StepView(record.pointee)
        try step.validate(limits)
        isLent = true
        defer { isLent = false }
        try body(step)
    }
}

extension StepView {
    fileprivate init(_ record: Hocket__V1__Step) {
        unsafe self.init(
            number: record.step,
            monotonicNanoseconds: record.mono_ns,
            streamDeltas: .init(start: record.stream_deltas, count: record.n_stream_deltas),
            counts: .init(start: record.counts, count: record.n_counts),
            tokenIDs: .init(start: record.token_ids, count: record.n_token_ids),
            logprobs: .init(start: record.logprobs, count: record.n_logprobs),
            topCount: Int(record.top_k),
            topIDs: .init(start: record.top_ids, count: record.n_top_ids),
            topLogprobs: .init(start: record.top_logprobs, count: record.n_top_logprobs)
        )
    }

    /// Checks everything that a reader would otherwise have to check for each token.
    fileprivate func validate(_ limits: WireLimits) throws(WireError) {
        guard rowCount <= limits.stepRowsMax else {
            throw WireError(
                .frameTooLarge,
                "STEP has too many rows (max: \(limits.stepRowsMax), actual: \(rowCount))"
            )
        }
        try validateStreams()
        try validateCounts()
        try validateLogprobs()
        try validate(unsafe tokenIDs.span, below: limits.vocabularySize)
        try validate(unsafe topIDs.span, below: limits.vocabularySize)
    }

    /// Streams of the router, ascending: the first delta is odd, all others are even.
    private func validateStreams() throws(WireError) {
        let deltas = unsafe streamDeltas.span
        var stream: UInt64 = 0
        var isOrdered = true
        for row in deltas.indices {
            let delta = deltas[row]
            isOrdered = isOrdered && delta != 0 && delta.isMultiple(of: 2) == (row != 0)
            stream += UInt64(delta)
        }
        guard isOrdered, stream <= StreamID.rawValueMax else {
            throw WireError(.messageInvalid, "the streams of STEP are not odd and ascending")
        }
    }

    private func validateCounts() throws(WireError) {
        let counts = unsafe counts.span
        guard !counts.isEmpty else {
            return try validate("token_ids", count: tokenCount, expected: rowCount)
        }
        try validate("counts", count: counts.count, expected: rowCount)
        var sum: UInt64 = 0
        var hasZero = false
        for row in counts.indices {
            sum += UInt64(counts[row])
            hasZero = hasZero || counts[row] == 0
        }
        guard !hasZero else { throw WireError(.messageInvalid, "a count of STEP is zero") }
        try validate("token_ids", count: tokenCount, expected: Int(sum))
    }

    private func validateLogprobs() throws(WireError) {
        if unsafe !logprobs.isEmpty {
            try validate("logprobs", count: unsafe logprobs.count, expected: tokenCount)
        }
        let hasTop = unsafe !logprobs.isEmpty
        let (top, overflows) = tokenCount.multipliedReportingOverflow(by: hasTop ? topCount : 0)
        guard !overflows else {
            throw WireError(.messageInvalid, "top_k of STEP is \(topCount)")
        }
        try validate("top_ids", count: unsafe topIDs.count, expected: top)
        try validate("top_logprobs", count: unsafe topLogprobs.count, expected: top)
    }

    private func validate(_ column: String, count: Int, expected: Int) throws(WireError) {
        guard count == expected else {
            throw WireError(
                .messageInvalid,
                "the column \(column) of STEP has \(count) entries instead of \(expected)"
            )
        }
    }

    private func validate(_ ids: Span<UInt32>, below size: Int) throws(WireError) {
        var largest: UInt32 = 0
        for index in ids.indices { largest = max(largest, ids[index]) }
        guard Int(largest) < size else {
            throw WireError(
                .messageInvalid,
                "token \(largest) of STEP is not in the vocabulary (size: \(size))"
            )
        }
    }
}
