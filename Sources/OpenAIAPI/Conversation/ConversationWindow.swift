/// Which of a conversation's items may be left out when not all of them fit, the oldest first.
///
/// Instructions never may, nor may the newest of the others. A call and its output go together,
/// since the one says nothing without the other, and so do a request for approval and its answer.
public struct ConversationWindow: Sendable {
    private let items: [ResponseItem]
    /// The places of what goes together, in the order of what comes first in each.
    private var units: [[Int]] = []

    /// Looks at a conversation's items, the oldest first.
    public init(_ items: [ResponseItem]) {
        self.items = items
        var unitsByCall: [String: Int] = [:]
        for (place, item) in items.enumerated() where item.instructions == nil {
            if let call = item.exchangeID, let unit = unitsByCall[call] {
                units[unit].append(place)
                continue
            }
            if let call = item.exchangeID { unitsByCall[call] = units.count }
            units.append([place])
        }
    }

    /// How many things may be left out, those that go together counting as one.
    public var dropsMax: Int { max(0, units.count - 1) }

    /// The items without the oldest things.
    ///
    /// - Parameter count: How many are left out; at most ``dropsMax``.
    public func items(dropping count: Int) -> [ResponseItem] {
        let dropped = Set(units.prefix(count).joined())
        return items.indices.lazy.filter { !dropped.contains($0) }.map { items[$0] }
    }
}

extension ResponseItem {
    /// What the two halves of an exchange have in common, nil for an item that has no other half.
    fileprivate var exchangeID: String? {
        switch self {
        case .functionCall(let item): item.callID
        case .customToolCall(let item): item.callID
        case .functionCallOutput(let item), .customToolCallOutput(let item): item.callID
        case .mcpApprovalRequest(let item): item.id
        case .mcpApprovalResponse(let item): item.approvalRequestID
        case .message, .reasoning, .compaction, .reference, .unserved: nil
        case .mcpListTools, .mcpCall, .codeInterpreterCall, .webSearchCall: nil
        }
    }
}
