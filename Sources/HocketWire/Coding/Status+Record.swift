import CHocketWire

extension Status: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Status) throws(WireError) {
        self.init(
            unsafe Code(rawValue: record.code.rawValue) ?? .unknown,
            unsafe try String(field: record.message),
            isRetryable: unsafe record.retryable != 0,
            parameter: unsafe try String(field: record.param),
            details: unsafe [UInt8](field: record.details)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Status {
        var record = unsafe Hocket__V1__Status()
        unsafe hocket__v1__status__init(&record)
        unsafe record.code = Hocket__V1__Code(code.rawValue)
        unsafe record.message = try arena.copy(message)
        unsafe record.retryable = isRetryable ? 1 : 0
        unsafe record.param = try arena.copy(parameter)
        unsafe record.details = try arena.copy(details)
        return unsafe record
    }
}
