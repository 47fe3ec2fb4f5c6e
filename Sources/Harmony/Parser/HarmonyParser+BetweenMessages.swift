extension HarmonyParser {
    /// A token after the end of a message.
    ///
    /// Engines that ignore stop tokens go on here, models leave out `<|start|>`, and constrained
    /// decoding puts JSON right after `<|end|>` (vllm#22515, sglang#31019). White space and what
    /// may be the beginning of a header are held until it is clear what they are.
    mutating func betweenMessages(
        received token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard let special = SpecialToken(rawValue: token) else {
            textOutsideMessage(token, into: &receiver)
            return
        }
        switch special {
        case .start:
            heldTextEnded(.end, into: &receiver)
            guard violation == nil else { return }
            phase = .header
            header.begin(role: nil, position: position + 1)
        case .message, .channel, .constrain:
            openHeaderWithoutStart(into: &receiver)
            guard violation == nil else { return }
            header(received: token, into: &receiver)
        case .end, .return, .call:
            stopTokenOutsideMessage(token, into: &receiver)
        default:
            ignore(token, into: &receiver)
        }
    }

    /// Reports a token that has no meaning where it stands.
    mutating func ignore(_ token: TokenID, into receiver: inout some HarmonyEventReceiver) {
        report(.ignoredToken, detail: SpecialToken(rawValue: token)?.text, into: &receiver)
    }

    private mutating func stopTokenOutsideMessage(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        if let end = HarmonyMessageEnd(token), header.opening != nil {
            heldTextEnded(end, into: &receiver)
        } else {
            dropHeldSpace(into: &receiver)
            ignore(token, into: &receiver)
        }
    }

    /// An ordinary token, or one outside the vocabulary: part of a header, or text.
    private mutating func textOutsideMessage(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        if header.tokens.isEmpty { header.begin(role: nil, position: position) }
        header.tokens.append(token)
        switch header.opening {
        case nil where header.tokens.count > Self.headerTokensMax: dropHeldSpace(into: &receiver)
        case nil, .undecided: break
        case .header: openHeaderWithoutStart(into: &receiver)
        case .text: beginMessageOfHeldText(into: &receiver)
        }
    }

    /// Goes on as if `<|start|>` and the role, which the held tokens may repeat, had come.
    private mutating func openHeaderWithoutStart(
        into receiver: inout some HarmonyEventReceiver
    ) {
        if header.tokens.isEmpty { header.begin(role: nil, position: position) }
        report(HarmonyDiagnostic(.missingStart, position: header.position), into: &receiver)
        guard violation == nil else { return }
        phase = .header
        header.role = .assistant
    }

    private mutating func beginMessageOfHeldText(
        into receiver: inout some HarmonyEventReceiver
    ) {
        let held = header.tokens
        report(
            HarmonyDiagnostic(.textOutsideMessage, position: header.position),
            into: &receiver
        )
        beginMessage(HarmonyHeader(role: .assistant), into: &receiver)
        for token in held { addText(of: token, into: &receiver) }
    }

    /// Nothing more will tell what the held tokens are: they are a message of their own, unless
    /// they are white space.
    mutating func heldTextEnded(
        _ end: HarmonyMessageEnd,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard header.opening != nil else {
            dropHeldSpace(into: &receiver)
            return
        }
        beginMessageOfHeldText(into: &receiver)
        endMessage(end, into: &receiver)
    }

    private mutating func dropHeldSpace(into receiver: inout some HarmonyEventReceiver) {
        guard !header.tokens.isEmpty else { return }
        report(HarmonyDiagnostic(.ignoredToken, position: header.position), into: &receiver)
        header.begin(role: nil, position: position + 1)
    }
}
