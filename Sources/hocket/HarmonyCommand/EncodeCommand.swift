import ArgumentParser
import Harmony

/// `hocket harmony encode`: text to tokens.
struct EncodeCommand: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Turn text into tokens.",
        discussion: """
            {"text": …} is answered with 'tokens'. In place of 'text', {"rep": {"prefix": …, \
            "unit": …, "count": …, "suffix": …}} repeats the unit and is answered with 'n_tokens' \
            and with 'tokens_rle', a list of [id, run length].

            'allowed' lists the special tokens whose text becomes the token; elsewhere it is text \
            like any other. 'disallowed' lists those whose text is an error. Both are lists or \
            "all", which for 'disallowed' means all that are not allowed. Both are empty unless \
            given.
            """
    )

    /// The longest text that is made by repeating another.
    private static let repeatedBytesMax = 1 << 26

    func answer(_ request: LineRequest) throws(LineError) -> JSONObject {
        let text = try text(of: request)
        let allowed = try allowedSpecials(of: request)
        let disallowed = try disallowedSpecials(of: request, allowed: allowed)
        let tokens = try LineError.reporting(as: .harmony) { () throws(HarmonyError) in
            try Tokenizer().encode(text, allowing: allowed, disallowing: disallowed)
        }
        return request.value("text") == nil
            ? ["n_tokens": .number(JSONNumber(tokens.count)), "tokens_rle": .runs(of: tokens)]
            : ["tokens": JSONValue(tokens)]
    }

    private func text(of request: LineRequest) throws(LineError) -> String {
        if let text = try request.text("text") { return text }
        guard let repetition = try request.request("rep") else {
            throw LineError(.value, "'text' and 'rep' are missing")
        }
        let unit = try repetition.requiredText("unit")
        let count = try repetition.require(repetition.integer("count"), "count")
        // Each repetition counts for a byte at least, so that an empty unit is not repeated for
        // ever.
        let bytes = max(unit.utf8.count, 1).multipliedReportingOverflow(by: count)
        guard count >= 0, !bytes.overflow, bytes.partialValue <= Self.repeatedBytesMax else {
            throw LineError(
                .value,
                "'rep' is \(count) times \(unit.utf8.count) bytes; "
                    + "it may come to \(Self.repeatedBytesMax) bytes"
            )
        }
        let prefix = try repetition.text("prefix") ?? ""
        let suffix = try repetition.text("suffix") ?? ""
        return prefix + String(repeating: unit, count: count) + suffix
    }

    /// Allowing a name that no token has changes nothing.
    private func allowedSpecials(
        of request: LineRequest
    ) throws(LineError) -> Set<SpecialToken> {
        guard request.value("allowed")?.string != "all" else { return SpecialToken.all }
        return try Set(request.texts("allowed")?.compactMap(SpecialToken.init(text:)) ?? [])
    }

    /// Who rules a name out relies on it, so that one that no token has is refused.
    private func disallowedSpecials(
        of request: LineRequest,
        allowed: Set<SpecialToken>
    ) throws(LineError) -> Set<SpecialToken> {
        guard request.value("disallowed")?.string != "all" else {
            return SpecialToken.all.subtracting(allowed)
        }
        var specials: Set<SpecialToken> = []
        for name in try request.texts("disallowed") ?? [] {
            guard let special = SpecialToken(text: name) else {
                throw LineError(.value, "'disallowed' names \(name), which is no special token")
            }
            specials.insert(special)
        }
        return specials
    }
}

extension JSONValue {
    /// A list of `[id, run length]`.
    fileprivate static func runs(of tokens: [TokenID]) -> JSONValue {
        var runs: [(token: TokenID, count: Int)] = []
        for token in tokens {
            if runs.last?.token == token {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((token, 1))
            }
        }
        return .array(
            runs.map { [.number(JSONNumber($0.token)), .number(JSONNumber($0.count))] }
        )
    }
}
