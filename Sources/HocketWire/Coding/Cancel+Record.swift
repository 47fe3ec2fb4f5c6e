import CHocketWire

extension Cancel: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Cancel) {
        self.init(unsafe Reason(rawValue: record.reason.rawValue) ?? .unspecified)
    }

    func record(in arena: MessageArena) -> Hocket__V1__Cancel {
        var record = unsafe Hocket__V1__Cancel()
        unsafe hocket__v1__cancel__init(&record)
        unsafe record.reason = Hocket__V1__CancelReason(reason.rawValue)
        return unsafe record
    }
}
