import Harmony

/// Keeps every call that a parser makes.
struct Transcript: HarmonyEventReceiver, Equatable {
    enum Event: Equatable {
        case started(HarmonyHeader)
        case text(String)
        case ended(HarmonyMessageEnd)
        case repaired(HarmonyDiagnostic)
    }

    var events: [Event] = []

    mutating func messageStarted(_ header: HarmonyHeader) { events.append(.started(header)) }
    mutating func textReceived(_ utf8: Span<UInt8>) { events.append(.text(String(decoding: utf8))) }
    mutating func messageEnded(_ end: HarmonyMessageEnd) { events.append(.ended(end)) }
    mutating func repaired(_ diagnostic: HarmonyDiagnostic) { events.append(.repaired(diagnostic)) }

    /// The pieces of text of all messages, one after the other.
    var texts: [String] {
        events.compactMap { event in
            if case .text(let text) = event { text } else { nil }
        }
    }
}

/// The tokens of a text in which special tokens are spelled out.
func tokens(_ text: String) -> [TokenID] {
    Tokenizer().encode(text, allowing: SpecialToken.all)
}

/// Parses a stream in which special tokens are spelled out, to its end.
func parse(
    _ text: String,
    startingAs role: Role? = .assistant,
    declaredTools: Set<String> = []
) -> HarmonyMessageCollector {
    var parser = HarmonyParser(startingAs: role, declaredTools: declaredTools)
    var collector = HarmonyMessageCollector()
    parser.consume(contentsOf: tokens(text), into: &collector)
    parser.finish(into: &collector)
    return collector
}
