import CHocketWire

extension Sampling: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Sampling) throws(WireError) {
        let hasTemperature =
            unsafe record.optional_temperature_case
            == HOCKET__V1__SAMPLING__OPTIONAL_TEMPERATURE_TEMPERATURE
        let hasSeed =
            unsafe record.optional_seed_case == HOCKET__V1__SAMPLING__OPTIONAL_SEED_SEED
        self.init(
            outputTokensMax: Int?(nonzero: Int(unsafe record.output_tokens_max)),
            temperature: hasTemperature ? unsafe record.temperature : nil,
            topP: Float?(nonzero: unsafe record.top_p),
            topK: Int?(nonzero: Int(unsafe record.top_k)),
            minP: unsafe record.min_p,
            seed: hasSeed ? unsafe record.seed : nil,
            frequencyPenalty: unsafe record.frequency_penalty,
            presencePenalty: unsafe record.presence_penalty,
            repetitionPenalty: Float?(nonzero: unsafe record.repetition_penalty),
            stopTokenIDs: unsafe Array(
                field: record.stop_token_ids,
                count: record.n_stop_token_ids
            ),
            logitBias: unsafe try Self.logitBias(record),
            logprobs: unsafe record.logprobs != 0,
            topLogprobs: Int(unsafe record.top_logprobs)
        )
    }

    private static func logitBias(
        _ record: Hocket__V1__Sampling
    ) throws(WireError) -> [LogitBias] {
        let ids = unsafe Array(field: record.logit_bias_ids, count: record.n_logit_bias_ids)
        let values = unsafe Array(
            field: record.logit_bias_values,
            count: record.n_logit_bias_values
        )
        guard ids.count == values.count else {
            throw WireError(
                .messageInvalid,
                "the columns of logit_bias differ (ids: \(ids.count), values: \(values.count))"
            )
        }
        return zip(ids, values).map { LogitBias(tokenID: $0, bias: $1) }
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Sampling {
        var record = unsafe Hocket__V1__Sampling()
        unsafe hocket__v1__sampling__init(&record)
        unsafe fillScalars(of: &record)
        unsafe record.n_stop_token_ids = stopTokenIDs.count
        unsafe record.stop_token_ids = try arena.copy(stopTokenIDs)
        unsafe record.n_logit_bias_ids = logitBias.count
        unsafe record.logit_bias_ids = try arena.copy(logitBias.map(\.tokenID))
        unsafe record.n_logit_bias_values = logitBias.count
        unsafe record.logit_bias_values = try arena.copy(logitBias.map(\.bias))
        return unsafe record
    }

    private func fillScalars(of record: inout Hocket__V1__Sampling) {
        unsafe record.output_tokens_max = UInt32(clamping: outputTokensMax ?? 0)
        if let temperature {
            unsafe record.optional_temperature_case =
                HOCKET__V1__SAMPLING__OPTIONAL_TEMPERATURE_TEMPERATURE
            unsafe record.temperature = temperature
        }
        unsafe record.top_p = topP ?? 0
        unsafe record.top_k = UInt32(clamping: topK ?? 0)
        unsafe record.min_p = minP
        if let seed {
            unsafe record.optional_seed_case = HOCKET__V1__SAMPLING__OPTIONAL_SEED_SEED
            unsafe record.seed = seed
        }
        unsafe record.frequency_penalty = frequencyPenalty
        unsafe record.presence_penalty = presencePenalty
        unsafe record.repetition_penalty = repetitionPenalty ?? 0
        unsafe record.logprobs = logprobs ? 1 : 0
        unsafe record.top_logprobs = UInt32(clamping: topLogprobs)
    }
}
