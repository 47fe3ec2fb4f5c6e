import CHocketWire

extension GoAway: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__GoAway) throws(WireError) {
        guard let last = StreamID(rawValue: unsafe record.last_stream_id) else {
            throw WireError(
                .messageInvalid,
                "last_stream_id is \(unsafe record.last_stream_id) (max: \(StreamID.rawValueMax))"
            )
        }
        self.init(
            lastStreamID: last,
            reason: unsafe Reason(rawValue: record.reason.rawValue) ?? .unspecified,
            graceMilliseconds: Int?(nonzero: Int(unsafe record.grace_ms)),
            message: unsafe try String(field: record.message)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__GoAway {
        var record = unsafe Hocket__V1__GoAway()
        unsafe hocket__v1__go_away__init(&record)
        unsafe record.last_stream_id = lastStreamID.rawValue
        unsafe record.reason = Hocket__V1__GoAwayReason(reason.rawValue)
        unsafe record.grace_ms = UInt32(clamping: graceMilliseconds ?? 0)
        unsafe record.message = try arena.copy(message)
        return unsafe record
    }
}
