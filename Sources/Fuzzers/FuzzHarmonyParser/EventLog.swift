import Harmony

/// Keeps every call of a parser and traps on one that must not come.
struct EventLog: HarmonyEventReceiver, Equatable {
    private enum Event: Equatable {
        case started(HarmonyHeader)
        case text([UInt8])
        case ended(HarmonyMessageEnd)
        case repaired(HarmonyDiagnostic)
    }

    private var events: [Event] = []
    private var isOpen = false

    mutating func messageStarted(_ header: HarmonyHeader) {
        precondition(!isOpen, "messages nest")
        isOpen = true
        events.append(.started(header))
    }

    mutating func textReceived(_ utf8: Span<UInt8>) {
        precondition(isOpen && !utf8.isEmpty, "text outside a message, or none")
        let bytes = utf8.indices.map { utf8[$0] }
        precondition(Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes, "not UTF-8")
        events.append(.text(bytes))
    }

    mutating func messageEnded(_ end: HarmonyMessageEnd) {
        precondition(isOpen, "no message to end")
        isOpen = false
        events.append(.ended(end))
    }

    mutating func repaired(_ diagnostic: HarmonyDiagnostic) {
        events.append(.repaired(diagnostic))
    }

    /// Checks that the stream left no message open.
    func finish() {
        precondition(!isOpen, "a message is still open")
    }
}

extension EventLog {
    /// The positions of all diagnostics.
    var positions: [Int] {
        events.compactMap { event in
            if case .repaired(let diagnostic) = event { diagnostic.position } else { nil }
        }
    }

    /// Whether a content, a name or another field holds the beginning of a marker.
    var showsMarker: Bool {
        var content: [UInt8] = []
        for event in events {
            switch event {
            case .started(let header): if header.showsMarker { return true }
            case .text(let piece): content += piece
            case .ended, .repaired: content.append(0)
            }
        }
        return content.showsMarker
    }

    /// The events before the first fault that strict parsing refuses.
    var untilRefused: EventLog {
        var log = EventLog()
        for event in events {
            if case .repaired(let diagnostic) = event, diagnostic.kind.breaksFormat {
                log.isOpen = log.hasOpenMessage
                return log
            }
            log.events.append(event)
        }
        return log
    }

    private var hasOpenMessage: Bool {
        for event in events.reversed() {
            switch event {
            case .started, .text: return true
            case .ended: return false
            case .repaired: continue
            }
        }
        return false
    }
}

extension HarmonyHeader {
    /// Whether a field holds the beginning of a marker, other than a content type's own.
    fileprivate var showsMarker: Bool {
        let type = contentType.map { String($0.name) }
        let fields = [name, channel?.rawValue, recipient?.rawValue, type]
        return fields.contains { $0?.utf8.showsMarker == true }
    }
}

extension Collection<UInt8> {
    /// Whether the bytes hold `<|`.
    fileprivate var showsMarker: Bool {
        zip(self, dropFirst()).contains { $0 == UInt8(ascii: "<") && $1 == UInt8(ascii: "|") }
    }
}
