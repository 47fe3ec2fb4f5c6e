/// Turns the tokens a model emits into messages, one token at a time, whatever the tokens are.
///
/// A parser never fails, never waits and never loses text: where a stream departs from the Harmony
/// format it is understood in the most useful way, and the receiver is told by a
/// ``HarmonyDiagnostic``. The DocC page <doc:Resilience> lists every repair. To refuse such streams
/// instead, use ``StrictHarmonyParser``.
///
/// ```swift
/// var parser = HarmonyParser()
/// var completion = HarmonyMessageCollector()
/// for token in tokens { parser.consume(token, into: &completion) }
/// parser.finish(into: &completion)
/// ```
///
/// Markers are recognised by their ids alone. Text that merely spells a marker is text.
public struct HarmonyParser: Sendable {
    /// Where in a message a parser is.
    public enum State: String, Hashable, Sendable {
        /// Before a `<|start|>`.
        case betweenMessages
        /// Between `<|start|>` and `<|message|>`.
        case header
        /// After `<|message|>`.
        case content
    }

    /// What becomes of special tokens other than stop tokens inside the text of a message.
    public enum MarkersInContent: Hashable, Sendable {
        /// `<|start|>` and `<|channel|>` begin the next message, everything else is left out, so
        /// that no marker is ever shown as text.
        case resynchronize
        /// They stand for their literal text, as in the reference implementation.
        case literal
    }

    /// The phases of parsing; ``State`` is what callers see of them.
    @usableFromInline
    enum Phase: UInt8, Sendable {
        /// Exits: `header` at a marker or a known opening, `content` at other text.
        case betweenMessages
        /// Exits: `content` at `<|message|>`, `betweenMessages` at a stop token.
        case header
        /// Inside a message that the prompt began and the receiver has not been told of. Exits:
        /// `content` with the first token.
        case continued
        /// Exits: `betweenMessages` at a stop token, `header` at a marker of the next message.
        case content
        /// After the first fault in strict parsing. Exits: none.
        case failed
    }

    @usableFromInline var phase: Phase
    @usableFromInline var assembler = UTF8Assembler()
    /// The position of the token being consumed; after the end of the stream, the number of tokens.
    @usableFromInline var position = -1

    /// The tokens of the header being read, or those held between messages.
    var header: HeaderBuffer
    /// The header of the message that the prompt began.
    var continuedHeader: HarmonyHeader?
    /// The fault that ended strict parsing.
    var violation: HarmonyDiagnostic?

    let tools: DeclaredTools
    let markersInContent: MarkersInContent
    let isStrict: Bool

    /// Creates a parser for what a model emits after a prompt.
    ///
    /// - Parameters:
    ///   - role: Whose message the prompt has begun, `<|start|>assistant` by default; nil if the
    ///     stream itself begins with `<|start|>`, as a rendered conversation does.
    ///   - declaredTools: The names of the functions the model was offered, with or without
    ///     `functions.`. They allow misspelled calls to be recognised.
    ///   - markersInContent: What becomes of special tokens inside text.
    public init(
        startingAs role: Role? = .assistant,
        declaredTools: Set<String> = [],
        markersInContent: MarkersInContent = .resynchronize
    ) {
        self.init(
            startingAs: role,
            tools: DeclaredTools(declaredTools),
            markersInContent: markersInContent,
            isStrict: false
        )
    }

    init(
        startingAs role: Role?,
        tools: DeclaredTools,
        markersInContent: MarkersInContent,
        isStrict: Bool
    ) {
        phase = role == nil ? .betweenMessages : .header
        header = HeaderBuffer(role: role)
        self.tools = tools
        self.markersInContent = markersInContent
        self.isStrict = isStrict
    }

    /// Where the parser is.
    public var state: State {
        switch phase {
        case .betweenMessages, .failed: .betweenMessages
        case .header: .header
        case .continued, .content: .content
        }
    }

    /// Makes the parser ready for another stream; its buffers are kept.
    ///
    /// - Parameter role: As in ``init(startingAs:declaredTools:markersInContent:)``.
    public mutating func reset(startingAs role: Role? = .assistant) {
        phase = role == nil ? .betweenMessages : .header
        assembler = UTF8Assembler()
        position = -1
        header.begin(role: role, position: 0)
        continuedHeader = nil
        violation = nil
    }
}

extension HarmonyParser {

    /// Takes the next token.
    ///
    /// - Parameters:
    ///   - token: Any id, even one outside the vocabulary.
    ///   - receiver: Is told what the token completes.
    /// - Complexity: O(1) within text; a header's length where the header ends.
    @inlinable
    public mutating func consume(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        position += 1
        guard phase == .content, token < 199_998, let text = Vocabulary.bytes(of: token) else {
            consumeStructure(token, into: &receiver)
            return
        }
        let replaced = assembler.append(text) { receiver.textReceived($0) }
        if replaced > 0 { report(.invalidUTF8, into: &receiver) }
    }

    /// Takes several tokens, as ``consume(_:into:)`` does one after the other.
    @inlinable
    public mutating func consume(
        contentsOf tokens: some Sequence<TokenID>,
        into receiver: inout some HarmonyEventReceiver
    ) {
        for token in tokens { consume(token, into: &receiver) }
    }

    /// Ends the stream: a header that is unfinished is reported, a message is ended.
    ///
    /// The message's end is ``HarmonyMessageEnd/endOfStream``. Use ``reset(startingAs:)`` before
    /// parsing another stream.
    public mutating func finish(into receiver: inout some HarmonyEventReceiver) {
        position += 1
        switch phase {
        case .betweenMessages: heldTextEnded(.endOfStream, into: &receiver)
        case .header: headerAbandoned(.endOfStream, into: &receiver)
        case .continued, .content:
            announceContinuedMessage(into: &receiver)
            endMessage(.endOfStream, into: &receiver)
        case .failed: break
        }
    }

    /// Takes a token that is not plain text inside a message.
    @usableFromInline
    mutating func consumeStructure(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) {
        switch phase {
        case .betweenMessages: betweenMessages(received: token, into: &receiver)
        case .header: header(received: token, into: &receiver)
        case .continued:
            announceContinuedMessage(into: &receiver)
            content(received: token, into: &receiver)
        case .content: content(received: token, into: &receiver)
        case .failed: break
        }
    }
}
