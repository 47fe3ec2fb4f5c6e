import CHocketWire

extension Accept: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Accept) {
        self.init(
            queuePosition: Int(unsafe record.queue_position),
            cachedTokens: Int(unsafe record.cached_tokens)
        )
    }

    func record(in arena: MessageArena) -> Hocket__V1__Accept {
        var record = unsafe Hocket__V1__Accept()
        unsafe hocket__v1__accept__init(&record)
        unsafe record.queue_position = UInt32(clamping: queuePosition)
        unsafe record.cached_tokens = UInt32(clamping: cachedTokens)
        return unsafe record
    }
}
