extension HeaderBuffer {
    /// The header if it is one of the assistant's usual ones, which need no reading as text:
    /// the role, unless it came before, and a channel in its usual tokens.
    var plainHeader: HarmonyHeader? {
        let start = tokens.first == HeaderToken.assistant ? 1 : 0
        guard start == 1 || role == .assistant, role ?? .assistant == .assistant else { return nil }
        let rest = tokens.count - start
        if rest == 0 { return HarmonyHeader(role: .assistant) }
        guard rest <= 3, tokens[start] == SpecialToken.channel.rawValue else { return nil }
        guard let channel = plainChannel(from: start + 1) else { return nil }
        return HarmonyHeader(role: .assistant, channel: channel)
    }

    /// The channel that all tokens from an index on spell.
    private func plainChannel(from index: Int) -> Channel? {
        switch tokens.count - index {
        case 1 where tokens[index] == HeaderToken.final: .final
        case 1 where tokens[index] == HeaderToken.analysis: .analysis
        case 2 where tokens[index] == HeaderToken.comment && tokens[index + 1] == HeaderToken.ary:
            .commentary
        default: nil
        }
    }
}
