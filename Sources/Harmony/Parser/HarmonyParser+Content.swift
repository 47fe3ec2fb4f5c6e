extension HarmonyParser {
    /// A token inside the text of a message, which the fast path left over.
    mutating func content(
        received token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard let special = SpecialToken(rawValue: token) else {
            addText(of: token, into: &receiver)
            return
        }
        if let end = HarmonyMessageEnd(token) {
            endMessage(end, into: &receiver)
        } else if markersInContent == .literal {
            addText(of: token, into: &receiver)
        } else {
            contentInterrupted(by: special, into: &receiver)
        }
    }

    /// A special token inside text that does not end it.
    ///
    /// A model that leaves out `<|end|>` goes on with a header, which must not be shown as text
    /// (TensorRT-LLM#9256); any other special token has no text a reader could want.
    private mutating func contentInterrupted(
        by special: SpecialToken,
        into receiver: inout some HarmonyEventReceiver
    ) {
        switch special {
        case .start, .channel:
            report(.missingEnd, detail: special.text, into: &receiver)
            endMessage(.end, into: &receiver)
            openHeader(at: special, into: &receiver)
        default:
            report(.ignoredToken, detail: special.text, into: &receiver)
        }
    }

    /// Starts the header of the next message: after `<|start|>` its role follows, while a header
    /// that begins with `<|channel|>` is the assistant's.
    private mutating func openHeader(
        at special: SpecialToken,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard violation == nil else { return }
        phase = .header
        if special == .start {
            header.begin(role: nil, position: position + 1)
        } else {
            header.begin(role: .assistant, position: position)
            header(received: special.rawValue, into: &receiver)
        }
    }

    /// Tells the receiver of the message that the prompt began.
    mutating func announceContinuedMessage(into receiver: inout some HarmonyEventReceiver) {
        guard let header = continuedHeader else { return }
        continuedHeader = nil
        beginMessage(header, into: &receiver)
    }
}
