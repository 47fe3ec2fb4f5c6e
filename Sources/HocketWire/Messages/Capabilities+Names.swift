extension Capabilities {
    /// The names of `Protos/hocket/v1/connection.proto`, in order of their numbers.
    ///
    /// One that this version does not know has its number for a name.
    public var names: [String] {
        numbers.map { number in
            Self.known.first { $0.capability == Capabilities(number: number) }?.name
                ?? "capability \(number)"
        }
    }

    /// The names in one line.
    public var name: String { names.joined(separator: ", ") }

    private static let known: [(capability: Capabilities, name: String)] = [
        (.logprobs, "LOGPROBS"), (.topLogprobs, "TOP_LOGPROBS"), (.seed, "SEED"),
        (.penalties, "PENALTIES"), (.logitBias, "LOGIT_BIAS"), (.priority, "PRIORITY"),
        (.cacheSalt, "CACHE_SALT"), (.constraintJSONSchema, "CONSTRAINT_JSON_SCHEMA"),
        (.constraintJSONObject, "CONSTRAINT_JSON_OBJECT"), (.constraintRegex, "CONSTRAINT_REGEX"),
        (.constraintGrammar, "CONSTRAINT_GRAMMAR"),
        (.constraintStructuralTag, "CONSTRAINT_STRUCTURAL_TAG"),
        (.constraintChoice, "CONSTRAINT_CHOICE"),
        (.constraintFinalChannel, "CONSTRAINT_FINAL_CHANNEL"), (.logEvents, "LOG_EVENTS"),
        (.cacheEvents, "CACHE_EVENTS"), (.query, "QUERY"),
    ]
}
