import CHocketWire

extension Query: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Query) throws(WireError) {
        self.init(
            method: unsafe try String(field: record.method),
            arguments: unsafe [UInt8](field: record.arguments),
            deadlineNanoseconds: UInt64?(nonzero: unsafe record.deadline_ns)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Query {
        var record = unsafe Hocket__V1__Query()
        unsafe hocket__v1__query__init(&record)
        unsafe record.method = try arena.copy(method)
        unsafe record.arguments = try arena.copy(arguments)
        unsafe record.deadline_ns = deadlineNanoseconds ?? 0
        return unsafe record
    }
}

extension Reply: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Reply) throws(WireError) {
        self.init(
            status: unsafe try Status(record.status?.pointee ?? Hocket__V1__Status()),
            result: unsafe [UInt8](field: record.result)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Reply {
        var record = unsafe Hocket__V1__Reply()
        unsafe hocket__v1__reply__init(&record)
        if status != .ok {
            unsafe record.status = try arena.store(status.record(in: arena))
        }
        unsafe record.result = try arena.copy(result)
        return unsafe record
    }
}
