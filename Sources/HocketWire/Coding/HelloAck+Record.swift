import CHocketWire

extension HelloAck: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__HelloAck) throws(WireError) {
        var rejected: [String] = []
        for index in unsafe 0..<record.n_rejected {
            rejected.append(unsafe try String(field: record.rejected[index]))
        }
        self.init(
            minor: UInt8(clamping: unsafe record.minor),
            capabilities: unsafe Capabilities(
                field: record.capabilities,
                count: record.n_capabilities
            ),
            rejected: rejected,
            workerID: unsafe try String(field: record.worker_id),
            pingIntervalMilliseconds: Int(unsafe record.ping_interval_ms),
            pingTimeoutMilliseconds: Int(unsafe record.ping_timeout_ms),
            statusIntervalMilliseconds: Int(unsafe record.status_interval_ms)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__HelloAck {
        var record = unsafe Hocket__V1__HelloAck()
        unsafe hocket__v1__hello_ack__init(&record)
        unsafe record.minor = UInt32(minor)
        let capabilityField = capabilities.field
        unsafe record.n_capabilities = capabilityField.count
        unsafe record.capabilities = try arena.copy(capabilityField)
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe []
        for reason in rejected { unsafe pointers.append(try arena.copy(reason)) }
        unsafe record.n_rejected = pointers.count
        unsafe record.rejected = try arena.copy(pointers)
        unsafe record.worker_id = try arena.copy(workerID)
        unsafe record.ping_interval_ms = UInt32(clamping: pingIntervalMilliseconds)
        unsafe record.ping_timeout_ms = UInt32(clamping: pingTimeoutMilliseconds)
        unsafe record.status_interval_ms = UInt32(clamping: statusIntervalMilliseconds)
        return unsafe record
    }
}
