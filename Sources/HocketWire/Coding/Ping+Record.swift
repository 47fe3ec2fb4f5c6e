import CHocketWire

extension Ping: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Ping) {
        self.init(
            nonce: unsafe record.nonce,
            monotonicNanoseconds: unsafe record.mono_ns
        )
    }

    func record(in arena: MessageArena) -> Hocket__V1__Ping {
        var record = unsafe Hocket__V1__Ping()
        unsafe hocket__v1__ping__init(&record)
        unsafe record.nonce = nonce
        unsafe record.mono_ns = monotonicNanoseconds
        return unsafe record
    }
}
