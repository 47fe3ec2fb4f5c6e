extension HarmonyParser {
    /// The most tokens a header may have before it is taken to be text, and the most white space
    /// that is held between messages.
    ///
    /// A header with the longest tool name has some sixty. A model that forgets `<|message|>` would
    /// otherwise be silent for the rest of its answer (vllm#45736).
    static let headerTokensMax = 256

    /// Why a header ended without `<|message|>`.
    enum Abandonment: Equatable {
        /// A stop token.
        case stop(HarmonyMessageEnd)
        /// Another `<|start|>`.
        case restart
        /// It grew beyond ``headerTokensMax``.
        case overflow
        /// The stream ended.
        case endOfStream
    }

    /// A token inside a header.
    mutating func header(
        received token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        switch token {
        case SpecialToken.message.rawValue:
            headerCompleted(into: &receiver)
        case SpecialToken.start.rawValue:
            headerRestarted(into: &receiver)
        case SpecialToken.end.rawValue, SpecialToken.return.rawValue, SpecialToken.call.rawValue:
            headerStopped(by: token, into: &receiver)
        default:
            header.tokens.append(token)
            if header.tokens.count > Self.headerTokensMax {
                headerAbandoned(.overflow, into: &receiver)
            }
        }
    }

    /// `<|message|>`: the header is complete.
    private mutating func headerCompleted(into receiver: inout some HarmonyEventReceiver) {
        if let plain = header.plainHeader {
            beginMessage(plain, into: &receiver)
            return
        }
        var reader = HeaderReader(HeaderText(header), role: header.role, tools: tools)
        let complete = reader.read()
        for diagnostic in reader.diagnostics { report(diagnostic, into: &receiver) }
        beginMessage(complete, into: &receiver)
    }

    /// A stop token inside a header.
    private mutating func headerStopped(
        by token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        guard let end = HarmonyMessageEnd(token) else { return }
        if header.tokens.isEmpty {
            ignore(token, into: &receiver)
            phase = violation == nil ? .betweenMessages : .failed
        } else {
            headerAbandoned(.stop(end), into: &receiver)
        }
    }

    /// `<|start|>` inside a header; text that came before it must not be lost.
    private mutating func headerRestarted(into receiver: inout some HarmonyEventReceiver) {
        if header.tokens.isEmpty {
            report(.restartedHeader, into: &receiver)
        } else {
            headerAbandoned(.restart, into: &receiver)
        }
        guard violation == nil else { return }
        phase = .header
        header.begin(role: nil, position: position + 1)
    }

    /// Ends a header that `<|message|>` does not end: its text is content, where it has any that
    /// is not part of the header itself.
    mutating func headerAbandoned(
        _ cause: Abandonment,
        into receiver: inout some HarmonyEventReceiver
    ) {
        var salvage = HeaderSalvage(HeaderText(header), role: header.role, tools: tools)
        salvage.read(isCut: cause == .endOfStream)
        for diagnostic in salvage.diagnostics { report(diagnostic, into: &receiver) }
        guard salvage.isMessage || cause == .overflow else {
            let kind: HarmonyDiagnostic.Kind =
                cause == .restart ? .restartedHeader : .unfinishedHeader
            report(kind, detail: salvage.text.spelled, into: &receiver)
            phase = violation == nil ? .betweenMessages : .failed
            header.begin(role: nil, position: position + 1)
            return
        }
        report(.missingMessageMarker, into: &receiver)
        beginMessage(salvage.header, into: &receiver)
        if !salvage.content.isEmpty { addText(salvage.content, into: &receiver) }
        switch cause {
        case .stop(let end): endMessage(end, into: &receiver)
        case .restart: endMessage(.end, into: &receiver)
        case .endOfStream: endMessage(.endOfStream, into: &receiver)
        case .overflow: break
        }
    }
}
