import CHocketWire

extension Finish: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Finish) throws(WireError) {
        let hasMatchedStopID =
            unsafe record.optional_matched_stop_id_case
            == HOCKET__V1__FINISH__OPTIONAL_MATCHED_STOP_ID_MATCHED_STOP_ID
        self.init(
            unsafe Reason(rawValue: record.reason.rawValue) ?? .unspecified,
            matchedStopID: hasMatchedStopID ? unsafe record.matched_stop_id : nil,
            usage: unsafe TokenUsage(record.usage?.pointee ?? Hocket__V1__Usage()),
            status: unsafe try Status(record.status?.pointee ?? Hocket__V1__Status()),
            emittedTokens: unsafe record.emitted_tokens
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Finish {
        var record = unsafe Hocket__V1__Finish()
        unsafe hocket__v1__finish__init(&record)
        unsafe record.reason = Hocket__V1__FinishReason(reason.rawValue)
        if let matchedStopID {
            unsafe record.optional_matched_stop_id_case =
                HOCKET__V1__FINISH__OPTIONAL_MATCHED_STOP_ID_MATCHED_STOP_ID
            unsafe record.matched_stop_id = matchedStopID
        }
        unsafe record.usage = try arena.store(usage.record(in: arena))
        if status != .ok {
            unsafe record.status = try arena.store(status.record(in: arena))
        }
        unsafe record.emitted_tokens = emittedTokens
        return unsafe record
    }
}

extension TokenUsage: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Usage) {
        self.init(
            promptTokens: Int(unsafe record.prompt_tokens),
            cachedTokens: Int(unsafe record.cached_tokens),
            outputTokens: Int(unsafe record.output_tokens)
        )
    }

    func record(in arena: MessageArena) -> Hocket__V1__Usage {
        var record = unsafe Hocket__V1__Usage()
        unsafe hocket__v1__usage__init(&record)
        unsafe record.prompt_tokens = UInt32(clamping: promptTokens)
        unsafe record.cached_tokens = UInt32(clamping: cachedTokens)
        unsafe record.output_tokens = UInt32(clamping: outputTokens)
        return unsafe record
    }
}
