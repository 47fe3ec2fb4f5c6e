extension RenderingOptions.AnalysisDrop {
    /// The position before which messages on the analysis channel are left out.
    func end(in messages: [Message]) -> Int {
        switch self {
        case .keepAll: 0
        case .perTurn: Self.endOfFinishedTurns(in: messages)
        case .reference: Self.firstFinalOfFinished(messages)
        }
    }

    private static func endOfFinishedTurns(in messages: [Message]) -> Int {
        guard let turn = messages.lastIndex(where: { $0.role == .user }) else { return 0 }
        return messages[..<turn].lastIndex { $0.role == .assistant && $0.channel == .final } ?? 0
    }

    private static func firstFinalOfFinished(_ messages: [Message]) -> Int {
        guard messages.last(where: { $0.role == .assistant })?.channel == .final else { return 0 }
        return messages.firstIndex { $0.channel == .final } ?? 0
    }
}
