extension HarmonyParser {
    /// Tells the receiver of a departure from the format at the current token.
    @usableFromInline
    mutating func report(
        _ kind: HarmonyDiagnostic.Kind,
        detail: String? = nil,
        into receiver: inout some HarmonyEventReceiver
    ) {
        report(HarmonyDiagnostic(kind, position: position, detail: detail), into: &receiver)
    }

    /// Tells the receiver of a departure from the format; in strict parsing a fault ends it.
    mutating func report(
        _ diagnostic: HarmonyDiagnostic,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard violation == nil else { return }
        if isStrict, diagnostic.kind.breaksFormat {
            violation = diagnostic
            phase = .failed
        } else {
            receiver.repaired(diagnostic)
        }
    }

    /// Begins a message.
    mutating func beginMessage(
        _ header: HarmonyHeader,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard violation == nil else { return }
        phase = .content
        receiver.messageStarted(header)
    }

    /// Adds text of a header or of a marker to the current message.
    mutating func addText(_ text: String, into receiver: inout some HarmonyEventReceiver) {
        guard violation == nil else { return }
        receiver.textReceived(text.utf8Span.span)
    }

    /// Adds a token's text to the current message.
    mutating func addText(of token: TokenID, into receiver: inout some HarmonyEventReceiver) {
        guard violation == nil else { return }
        guard let bytes = Vocabulary.bytes(of: token) else {
            unknownTokenReceived(token, into: &receiver)
            return
        }
        let replaced = assembler.append(bytes) { receiver.textReceived($0) }
        if replaced > 0 { report(.invalidUTF8, into: &receiver) }
    }

    /// Puts U+FFFD where an id stands that the vocabulary does not have.
    ///
    /// Only this id is lost; the reference implementation replaces all that follows it.
    private mutating func unknownTokenReceived(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        completeText(into: &receiver)
        report(.unknownToken, detail: String(token), into: &receiver)
        addText("\u{FFFD}", into: &receiver)
    }

    /// Ends the current text, so that nothing of it can leak into what follows.
    private mutating func completeText(into receiver: inout some HarmonyEventReceiver) {
        let replaced = assembler.finish { receiver.textReceived($0) }
        if replaced > 0 { report(.invalidUTF8, into: &receiver) }
    }

    /// Ends the current message.
    mutating func endMessage(
        _ end: HarmonyMessageEnd,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard violation == nil else { return }
        completeText(into: &receiver)
        phase = .betweenMessages
        header.begin(role: nil, position: position + 1)
        receiver.messageEnded(end)
    }
}
