import CHocketWire

extension Credit: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Credit) {
        self.init(Int(unsafe record.amount))
    }

    func record(in arena: MessageArena) -> Hocket__V1__Credit {
        var record = unsafe Hocket__V1__Credit()
        unsafe hocket__v1__credit__init(&record)
        unsafe record.amount = UInt32(clamping: amount)
        return unsafe record
    }
}
