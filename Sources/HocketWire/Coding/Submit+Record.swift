import CHocketWire

extension Submit: @unsafe RecordConvertible {
    /// Everything but the prompt, which is not in the message.
    init(_ record: Hocket__V1__Submit) throws(WireError) {
        var constraint: Constraint?
        if let field = unsafe record.constraint?.pointee {
            constraint = unsafe Constraint(field)
        }
        self.init(
            requestID: RequestID(
                rawValue: unsafe try UInt128(field: record.request_id, name: "request_id")
            ),
            model: unsafe try String(field: record.model),
            prompt: [],
            creditTokens: Int(unsafe record.credit_tokens),
            deadlineNanoseconds: UInt64?(nonzero: unsafe record.deadline_ns),
            sampling: unsafe try Sampling(record.sampling?.pointee ?? Hocket__V1__Sampling()),
            constraint: constraint,
            priority: unsafe record.priority,
            cacheSalt: unsafe [UInt8](field: record.cache_salt),
            traceParent: unsafe try String(field: record.traceparent),
            traceState: unsafe try String(field: record.tracestate)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Submit {
        var record = unsafe Hocket__V1__Submit()
        unsafe hocket__v1__submit__init(&record)
        unsafe record.request_id = try arena.copy(requestID.rawValue.bytes)
        unsafe record.model = try arena.copy(model)
        unsafe record.credit_tokens = UInt32(clamping: creditTokens)
        unsafe record.deadline_ns = deadlineNanoseconds ?? 0
        unsafe record.sampling = try arena.store(sampling.record(in: arena))
        if let constraint {
            unsafe record.constraint = try arena.store(constraint.record(in: arena))
        }
        unsafe record.priority = priority
        unsafe record.cache_salt = try arena.copy(cacheSalt)
        unsafe record.traceparent = try arena.copy(traceParent)
        unsafe record.tracestate = try arena.copy(traceState)
        return unsafe record
    }
}
