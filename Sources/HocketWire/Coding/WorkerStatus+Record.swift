import CHocketWire

extension WorkerStatus: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__WorkerStatus) throws(WireError) {
        self.init(
            health: unsafe Health(rawValue: record.health.rawValue) ?? .unspecified,
            runningStreams: Int(unsafe record.running_streams),
            waitingStreams: Int(unsafe record.waiting_streams),
            waitingTokens: unsafe record.waiting_tokens,
            cacheUsed: unsafe record.cache_used,
            tokensPerSecond: unsafe record.tokens_per_second,
            lastStepAgeNanoseconds: UInt64?(nonzero: unsafe record.last_step_age_ns),
            monotonicNanoseconds: unsafe record.mono_ns,
            message: unsafe try String(field: record.message)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__WorkerStatus {
        var record = unsafe Hocket__V1__WorkerStatus()
        unsafe hocket__v1__worker_status__init(&record)
        unsafe record.health = Hocket__V1__Health(health.rawValue)
        unsafe record.running_streams = UInt32(clamping: runningStreams)
        unsafe record.waiting_streams = UInt32(clamping: waitingStreams)
        unsafe record.waiting_tokens = waitingTokens
        unsafe record.cache_used = cacheUsed
        unsafe record.tokens_per_second = tokensPerSecond
        unsafe record.last_step_age_ns = lastStepAgeNanoseconds ?? 0
        unsafe record.mono_ns = monotonicNanoseconds
        unsafe record.message = try arena.copy(message)
        return unsafe record
    }
}
