/// What a reasoning item holds beside the reasoning, where the caller asked for it.
///
/// The models served here reason in the open and make no summary. What is told as one is their
/// reasoning itself, all of it or, for `concise`, its first paragraph.
struct ReasoningExtras: Sendable {
    private let summary: ReasoningOptions.Summary?
    private let seal: ReasoningSeal?

    /// Nothing more than the reasoning.
    init() {
        summary = nil
        seal = nil
    }

    /// What a request asks for.
    ///
    /// - Parameter seal: Encrypts reasoning; without one no caller gets it encrypted.
    init(_ request: ResponsesRequest, seal: ReasoningSeal?) {
        summary = request.reasoning.summary
        self.seal = request.include.contains(.encryptedReasoning) ? seal : nil
    }

    /// The item with what belongs to this text of it.
    func added(to item: OpenItem, text: String?) -> OpenItem {
        guard item.kind == .reasoning else { return item }
        var item = item
        item.summary = text.flatMap(summary(of:)).map { [$0] } ?? []
        item.encryptedContent = seal?.sealed(text ?? "", ofItem: item.id)
        return item
    }

    private func summary(of text: String) -> String? {
        switch summary {
        case .auto, .detailed: text
        case .concise: text.firstRange(of: "\n\n").map { String(text[..<$0.lowerBound]) } ?? text
        case nil: nil
        }
    }
}
