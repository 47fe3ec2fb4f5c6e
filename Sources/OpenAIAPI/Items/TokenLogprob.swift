public import Harmony

/// How likely a token of an answer was, and which others were likely.
public struct TokenLogprob: Hashable, Sendable {
    /// A token and the natural logarithm of its probability.
    public struct Candidate: Hashable, Sendable {
        /// The token.
        public var token: TokenID
        /// The logarithm of its probability; minus infinity if it could not be drawn.
        public var logprob: Float

        /// Creates a candidate.
        public init(token: TokenID, logprob: Float) {
            self.token = token
            self.logprob = logprob
        }
    }

    /// The token that was drawn.
    public var chosen: Candidate
    /// The likeliest tokens at its place, the likeliest first.
    public var alternatives: [Candidate]

    /// Creates the probabilities of one token.
    public init(chosen: Candidate, alternatives: [Candidate] = []) {
        self.chosen = chosen
        self.alternatives = alternatives
    }
}

extension TokenLogprob {
    /// Reads an element of `logprobs`; nil if it is none.
    init?(_ value: JSONValue) {
        guard let chosen = Candidate(value) else { return nil }
        let alternatives = (value["top_logprobs"]?.array ?? []).compactMap(Candidate.init)
        self.init(chosen: chosen, alternatives: alternatives)
    }

    /// Writes an element of `logprobs`.
    func write(to json: inout JSONWriter) {
        json.object { json in
            chosen.writeMembers(to: &json)
            json.member("top_logprobs") { json in
                json.array(of: alternatives) { candidate, json in
                    json.object { json in candidate.writeMembers(to: &json) }
                }
            }
        }
    }
}

extension TokenLogprob.Candidate {
    /// Reads a token, which its bytes tell, and the logarithm of its probability.
    fileprivate init?(_ value: JSONValue) {
        let bytes = (value["bytes"]?.array ?? []).compactMap {
            $0.integer.flatMap(UInt8.init(exactly:))
        }
        guard let token = Vocabulary.token(of: bytes.span), let logprob = value["logprob"]?.double
        else { return nil }
        let isImpossible = value["logprob"] == Self.impossible
        self.init(token: token, logprob: isImpossible ? -.infinity : Float(logprob))
    }

    /// What stands for minus infinity, which JSON cannot spell.
    private static let impossible: JSONValue = -9999.0

    /// The logarithm in its shortest spelling; nil for what JSON has none for.
    private var number: JSONValue? {
        logprob.isFinite ? JSONNumber(text: "\(logprob)").map { .number($0) } : nil
    }

    /// Writes the token as text and as bytes, since half a character is no text.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("token", Tokenizer().text(of: CollectionOfOne(token)))
        json.member("logprob", number ?? Self.impossible)
        json.member("bytes") { json in
            json.array { json in
                guard let bytes = Vocabulary.bytes(of: token) else { return }
                for index in bytes.indices { json.integer(Int(bytes[index])) }
            }
        }
    }
}

extension JSONWriter {
    /// Writes a member that holds the probabilities of some tokens.
    mutating func member(_ key: StaticString, _ logprobs: [TokenLogprob]) {
        member(key) { json in
            json.array(of: logprobs) { logprob, json in logprob.write(to: &json) }
        }
    }
}
