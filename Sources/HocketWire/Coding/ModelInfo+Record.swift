import CHocketWire

extension ModelInfo: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Model) throws(WireError) {
        self.init(
            id: unsafe try String(field: record.id),
            contextTokensMax: unsafe Int(record.context_tokens_max),
            outputTokensMax: unsafe Int?(nonzero: Int(record.output_tokens_max)),
            stopTokenIDs: unsafe Array(
                field: record.stop_token_ids,
                count: record.n_stop_token_ids
            )
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Model {
        var record = unsafe Hocket__V1__Model()
        unsafe hocket__v1__model__init(&record)
        unsafe record.id = try arena.copy(id)
        unsafe record.context_tokens_max = UInt32(clamping: contextTokensMax)
        unsafe record.output_tokens_max = UInt32(clamping: outputTokensMax ?? 0)
        unsafe record.n_stop_token_ids = stopTokenIDs.count
        unsafe record.stop_token_ids = try arena.copy(stopTokenIDs)
        return unsafe record
    }
}
