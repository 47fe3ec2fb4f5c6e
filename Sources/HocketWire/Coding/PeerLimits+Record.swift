import CHocketWire

extension PeerLimits: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Limits) {
        self.init()
        Self.replace(&frameBytesMax, by: unsafe record.frame_bytes_max)
        Self.replace(&submitBytesMax, by: unsafe record.submit_bytes_max)
        Self.replace(&streamsMax, by: unsafe record.streams_max)
        Self.replace(&promptTokensMax, by: unsafe record.prompt_tokens_max)
        Self.replace(&stepRowsMax, by: unsafe record.step_rows_max)
        Self.replace(&windowBytes, by: unsafe record.window_bytes)
        Self.replace(
            &controlFramesPerSecondMax,
            by: unsafe record.control_frames_per_second_max
        )
    }

    /// Zero leaves the default.
    private static func replace(_ limit: inout Int, by value: UInt32) {
        if value != 0 { limit = Int(value) }
    }

    func record(in arena: MessageArena) -> Hocket__V1__Limits {
        var record = unsafe Hocket__V1__Limits()
        unsafe hocket__v1__limits__init(&record)
        unsafe record.frame_bytes_max = UInt32(clamping: frameBytesMax)
        unsafe record.submit_bytes_max = UInt32(clamping: submitBytesMax)
        unsafe record.streams_max = UInt32(clamping: streamsMax)
        unsafe record.prompt_tokens_max = UInt32(clamping: promptTokensMax)
        unsafe record.step_rows_max = UInt32(clamping: stepRowsMax)
        unsafe record.window_bytes = UInt32(clamping: windowBytes)
        unsafe record.control_frames_per_second_max = UInt32(clamping: controlFramesPerSecondMax)
        return unsafe record
    }
}
