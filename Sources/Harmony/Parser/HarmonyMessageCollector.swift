/// Collects whole messages, for callers who do not stream.
public struct HarmonyMessageCollector: HarmonyEventReceiver, Sendable {
    /// A message and how it ended.
    public struct Entry: Hashable, Sendable {
        /// The message; its content is one text.
        public var message: Message
        /// How it ended.
        public var end: HarmonyMessageEnd
    }

    /// The finished messages, in order.
    public private(set) var entries: [Entry] = []
    /// Every departure from the format, in order.
    public private(set) var diagnostics: [HarmonyDiagnostic] = []

    private var header: HarmonyHeader?
    private var text: [UInt8] = []

    /// Creates a collector without messages.
    public init() {}

    /// The finished messages without their ends.
    public var messages: [Message] { entries.map(\.message) }

    /// Begins a message.
    public mutating func messageStarted(_ header: HarmonyHeader) {
        self.header = header
        text.removeAll(keepingCapacity: true)
    }

    /// Adds to the current message.
    public mutating func textReceived(_ utf8: Span<UInt8>) {
        unsafe utf8.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    }

    /// Files the current message.
    public mutating func messageEnded(_ end: HarmonyMessageEnd) {
        guard let header else { return }
        let content = String(decoding: text, as: UTF8.self)
        entries.append(Entry(message: Message(header: header, content: content), end: end))
        self.header = nil
    }

    /// Files a diagnostic.
    public mutating func repaired(_ diagnostic: HarmonyDiagnostic) {
        diagnostics.append(diagnostic)
    }
}

extension Message {
    /// Creates a message from its header and its text.
    public init(header: HarmonyHeader, content: String) {
        self.init(
            role: header.role,
            name: header.name,
            recipient: header.recipient,
            channel: header.channel,
            contentType: header.contentType,
            content: content
        )
    }
}
