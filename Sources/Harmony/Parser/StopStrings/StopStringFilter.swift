/// Ends a message where a stop string of the caller begins in its text.
///
/// It stands between a parser and the receiver proper. Stop strings are looked for in the text of
/// each message by itself, never across messages or in headers (vllm#52612):
///
/// ```swift
/// var answer = StopStringFilter(stopStrings: ["\n\n"], base: HarmonyMessageCollector())
/// for token in tokens {
///     parser.consume(token, into: &answer)
///     if answer.match != nil { break }
/// }
/// ```
///
/// After a match the message has ended with ``HarmonyMessageEnd/stopString`` and the base hears
/// nothing more.
public struct StopStringFilter<Base: HarmonyEventReceiver>: HarmonyEventReceiver {
    /// The receiver proper.
    public var base: Base
    /// The stop string that was found.
    public private(set) var match: String?

    private var matcher: StopStringMatcher
    private let kinds: Set<HarmonyMessageKind>
    private var isWatching = false

    /// Creates a filter in front of a receiver.
    ///
    /// - Parameters:
    ///   - stopStrings: The strings that end a message; empty ones are ignored.
    ///   - kinds: The messages to which they apply, by default what the user gets to read: neither
    ///     reasoning nor the arguments of calls.
    ///   - base: The receiver proper.
    public init(
        stopStrings: [String],
        kinds: Set<HarmonyMessageKind> = [.answer, .preamble],
        base: Base
    ) {
        matcher = StopStringMatcher(stopStrings)
        self.kinds = kinds
        self.base = base
    }

    /// Bytes of the current message's text that are held back, since they may begin a stop string.
    public var heldBytes: Int { matcher.heldBytes }

    /// Begins a message.
    public mutating func messageStarted(_ header: HarmonyHeader) {
        guard match == nil else { return }
        isWatching = !matcher.isEmpty && kinds.contains(header.kind)
        base.messageStarted(header)
    }

    /// Passes on what cannot be part of a stop string.
    public mutating func textReceived(_ utf8: Span<UInt8>) {
        guard match == nil else { return }
        guard isWatching else {
            base.textReceived(utf8)
            return
        }
        match = matcher.append(utf8, into: &base)
        if match != nil { base.messageEnded(.stopString) }
    }

    /// Passes on what was held back, and the end.
    public mutating func messageEnded(_ end: HarmonyMessageEnd) {
        guard match == nil else { return }
        matcher.finish(into: &base)
        base.messageEnded(end)
    }

    /// Passes a diagnostic on.
    public mutating func repaired(_ diagnostic: HarmonyDiagnostic) {
        guard match == nil else { return }
        base.repaired(diagnostic)
    }
}

extension StopStringFilter: Sendable where Base: Sendable {}
