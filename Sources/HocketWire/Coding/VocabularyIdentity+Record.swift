import CHocketWire

extension VocabularyIdentity: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Vocabulary) throws(WireError) {
        self.init(
            name: unsafe try String(field: record.name),
            size: unsafe Int(record.size),
            startOfText: unsafe record.start_of_text_id,
            endOfText: unsafe record.end_of_text_id,
            return: unsafe record.return_id,
            constrain: unsafe record.constrain_id,
            channel: unsafe record.channel_id,
            start: unsafe record.start_id,
            end: unsafe record.end_id,
            message: unsafe record.message_id,
            call: unsafe record.call_id
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Vocabulary {
        var record = unsafe Hocket__V1__Vocabulary()
        unsafe hocket__v1__vocabulary__init(&record)
        unsafe record.name = try arena.copy(name)
        unsafe record.size = UInt32(clamping: size)
        unsafe record.start_of_text_id = startOfText
        unsafe record.end_of_text_id = endOfText
        unsafe record.return_id = `return`
        unsafe record.constrain_id = constrain
        unsafe record.channel_id = channel
        unsafe record.start_id = start
        unsafe record.end_id = end
        unsafe record.message_id = message
        unsafe record.call_id = call
        return unsafe record
    }
}
