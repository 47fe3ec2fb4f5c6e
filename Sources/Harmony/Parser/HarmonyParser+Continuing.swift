extension HarmonyParser {
    /// Creates a parser for a message whose header the prompt already holds, so that the model goes
    /// on with its text.
    ///
    /// The receiver is told of the message before anything else.
    ///
    /// - Parameters:
    ///   - header: The header, as in the prompt.
    ///   - declaredTools: As in ``init(startingAs:declaredTools:markersInContent:)``.
    ///   - markersInContent: What becomes of special tokens inside text.
    public init(
        continuing header: HarmonyHeader,
        declaredTools: Set<String> = [],
        markersInContent: MarkersInContent = .resynchronize
    ) {
        self.init(
            startingAs: nil,
            declaredTools: declaredTools,
            markersInContent: markersInContent
        )
        phase = .continued
        continuedHeader = header
    }

    /// Creates a parser for what follows a prompt, wherever in a message the prompt stops.
    ///
    /// The prompt may end with `<|start|>assistant` as usual, in the middle of a header, after
    /// `<|message|>` or in the middle of a text. Text that the prompt holds is not reported again.
    /// Token positions count from the end of the prompt.
    ///
    /// - Parameters:
    ///   - prompt: The rendered prompt; only its last message is looked at.
    ///   - declaredTools: As in ``init(startingAs:declaredTools:markersInContent:)``.
    ///   - markersInContent: What becomes of special tokens inside text.
    public init(
        continuing prompt: some BidirectionalCollection<TokenID>,
        declaredTools: Set<String> = [],
        markersInContent: MarkersInContent = .resynchronize
    ) {
        self.init(
            startingAs: nil,
            declaredTools: declaredTools,
            markersInContent: markersInContent
        )
        var last = LastHeader()
        let start = prompt.lastIndex(of: SpecialToken.start.rawValue) ?? prompt.startIndex
        consume(contentsOf: prompt[start...], into: &last)
        position = -1
        header.position = -header.tokens.count
        guard phase == .content else { return }
        phase = .continued
        continuedHeader = last.header
    }

    private struct LastHeader: HarmonyEventReceiver {
        var header: HarmonyHeader?

        mutating func messageStarted(_ header: HarmonyHeader) { self.header = header }
        mutating func textReceived(_ utf8: Span<UInt8>) {}
        mutating func messageEnded(_ end: HarmonyMessageEnd) {}
        mutating func repaired(_ diagnostic: HarmonyDiagnostic) {}
    }
}
