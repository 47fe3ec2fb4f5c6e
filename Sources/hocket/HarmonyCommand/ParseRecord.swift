import Harmony

/// Everything a parser tells, in the form in which it is answered.
struct ParseRecord: HarmonyEventReceiver {
    private var collector = HarmonyMessageCollector()
    private var deltas: [JSONValue] = []
    private var delta: [UInt8] = []

    mutating func messageStarted(_ header: HarmonyHeader) {
        collector.messageStarted(header)
    }

    mutating func textReceived(_ utf8: Span<UInt8>) {
        collector.textReceived(utf8)
        unsafe utf8.withUnsafeBufferPointer { unsafe delta.append(contentsOf: $0) }
    }

    mutating func messageEnded(_ end: HarmonyMessageEnd) {
        collector.messageEnded(end)
    }

    mutating func repaired(_ diagnostic: HarmonyDiagnostic) {
        collector.repaired(diagnostic)
    }

    /// Closes the list of what one token caused.
    mutating func tokenConsumed() {
        deltas.append(delta.isEmpty ? .null : .string(String(decoding: delta, as: UTF8.self)))
        delta.removeAll(keepingCapacity: true)
    }

    /// Closes the list of what the end of the stream caused.
    mutating func streamEnded() {
        if !delta.isEmpty { tokenConsumed() }
    }

    /// The answer.
    func json(state: HarmonyParser.State) -> JSONObject {
        [
            "messages": .array(collector.entries.map(\.json)),
            "deltas": .array(deltas),
            "final_state": .string(state.letter),
            "diagnostics": .array(collector.diagnostics.map(\.json)),
        ]
    }
}

extension HarmonyMessageCollector.Entry {
    fileprivate var json: JSONValue {
        var object = message.json.object ?? JSONObject()
        object["end"] = .string(end == .endOfStream ? "eof" : end.rawValue)
        return .object(object)
    }
}

extension HarmonyDiagnostic {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "position": .number(JSONNumber(position)),
        ]
        object["detail"] = detail.map(JSONValue.string)
        return .object(object)
    }
}

extension HarmonyParser.State {
    /// The letter that the reference's state is written with.
    fileprivate var letter: String {
        switch self {
        case .betweenMessages: "E"
        case .header: "H"
        case .content: "C"
        }
    }
}
