import CHocketWire
public import NIOCore

extension StepBuilder {
    /// Appends the rows as one frame, and forgets them.
    ///
    /// Without rows, appends nothing.
    ///
    /// The message is packed straight into the buffer; its header is filled in afterwards.
    ///
    /// - Parameters:
    ///   - step: the engine's step.
    ///   - monotonicNanoseconds: when it ended, on this side's monotonic clock.
    ///   - limits: what the peer accepts.
    ///   - buffer: unchanged when an error is thrown.
    /// - Throws: `frameTooLarge` when the peer would refuse the frame. The rows are kept.
    public mutating func write(
        step: UInt64,
        monotonicNanoseconds: UInt64,
        limits: PeerLimits = PeerLimits(),
        into buffer: inout ByteBuffer
    ) throws(WireError) {
        guard !isEmpty else { return }
        try checkRows(limits)
        let start = buffer.writerIndex
        var record = unsafe Hocket__V1__Step()
        unsafe hocket__v1__step__init(&record)
        unsafe record.step = step
        unsafe record.mono_ns = monotonicNanoseconds
        let written = unsafe buffer.writeWithUnsafeMutableBytes(
            minimumWritableBytes: FrameHeader.byteCount + messageBytesBound
        ) { free in
            let message = unsafe free.baseAddress.map { unsafe $0 + FrameHeader.byteCount }
            return FrameHeader.byteCount + (unsafe pack(&record, into: message))
        }
        let messageBytes = written - FrameHeader.byteCount
        guard messageBytes <= limits.frameBytesMax else {
            buffer.moveWriterIndex(to: start)
            throw tooLarge("bytes", max: limits.frameBytesMax, actual: messageBytes)
        }
        fillHeader(at: start, messageBytes: messageBytes, in: &buffer)
        removeAll()
    }

    private func checkRows(_ limits: PeerLimits) throws(WireError) {
        guard rowCount <= limits.stepRowsMax else {
            throw tooLarge("rows", max: limits.stepRowsMax, actual: rowCount)
        }
    }

    private func tooLarge(_ unit: String, max: Int, actual: Int) -> WireError {
        WireError(
            .frameTooLarge,
            "STEP has too many \(unit) for the peer (max: \(max), actual: \(actual))"
        )
    }

    /// No message is longer: five bytes a varint, four a float, and the scalars and tags.
    private var messageBytesBound: Int {
        let varints = streamDeltas.count + counts.count + tokenIDs.count + topIDs.count
        return 5 * varints + 4 * (logprobs.count + topLogprobs.count) + 128
    }

    private func fillHeader(at start: Int, messageBytes: Int, in buffer: inout ByteBuffer) {
        let header = FrameHeader(
            type: .step,
            flags: [],
            streamID: .connection,
            bodyBytes: messageBytes,
            messageBytes: messageBytes
        )
        let end = buffer.writerIndex
        buffer.moveWriterIndex(to: start)
        header.write(into: &buffer)
        buffer.moveWriterIndex(to: end)
    }
}

extension StepBuilder {
    /// Lends the columns to the record, and packs it.
    ///
    /// They are only read, though protobuf-c's structures have no way to say so.
    private func pack(
        _ record: inout Hocket__V1__Step,
        into bytes: UnsafeMutableRawPointer?
    ) -> Int {
        unsafe streamDeltas.withUnsafeBufferPointer { deltas in
            unsafe record.n_stream_deltas = deltas.count
            unsafe record.stream_deltas = .init(mutating: deltas.baseAddress)
            return unsafe counts.withUnsafeBufferPointer { counts in
                unsafe record.n_counts = allCountsAreOne ? 0 : counts.count
                unsafe record.counts = .init(mutating: counts.baseAddress)
                return unsafe tokenIDs.withUnsafeBufferPointer { tokens in
                    unsafe record.n_token_ids = tokens.count
                    unsafe record.token_ids = .init(mutating: tokens.baseAddress)
                    return unsafe packLogprobs(&record, into: bytes)
                }
            }
        }
    }

    private func packLogprobs(
        _ record: inout Hocket__V1__Step,
        into bytes: UnsafeMutableRawPointer?
    ) -> Int {
        guard hasLogprobs else { return unsafe hocket__v1__step__pack(&record, bytes) }
        unsafe record.top_k = UInt32(topCount)
        return unsafe logprobs.withUnsafeBufferPointer { chosen in
            unsafe record.n_logprobs = chosen.count
            unsafe record.logprobs = .init(mutating: chosen.baseAddress)
            return unsafe topIDs.withUnsafeBufferPointer { ids in
                unsafe record.n_top_ids = ids.count
                unsafe record.top_ids = .init(mutating: ids.baseAddress)
                return unsafe topLogprobs.withUnsafeBufferPointer { values in
                    unsafe record.n_top_logprobs = values.count
                    unsafe record.top_logprobs = .init(mutating: values.baseAddress)
                    return unsafe hocket__v1__step__pack(&record, bytes)
                }
            }
        }
    }
}
