/// A ``HarmonyParser`` that refuses streams that are not Harmony.
///
/// It reports what the resilient parser would repair as an error and takes nothing after it; what
/// came before has been delivered. Faults that leave the format intact, such as bytes that are
/// not UTF-8, are repaired here as well (``HarmonyDiagnostic/Kind/breaksFormat``).
public struct StrictHarmonyParser: Sendable {
    @usableFromInline var parser: HarmonyParser

    /// Creates a parser for what a model emits after a prompt.
    ///
    /// - Parameters:
    ///   - role: As in ``HarmonyParser/init(startingAs:declaredTools:markersInContent:)``.
    ///   - declaredTools: The names of the functions the model was offered; a call that misspells
    ///     one is refused.
    public init(startingAs role: Role? = .assistant, declaredTools: Set<String> = []) {
        parser = HarmonyParser(
            startingAs: role,
            tools: DeclaredTools(declaredTools),
            markersInContent: .resynchronize,
            isStrict: true
        )
    }

    /// Where the parser is; ``HarmonyParser/State/betweenMessages`` after an error.
    public var state: HarmonyParser.State { parser.state }

    /// Takes the next token.
    ///
    /// - Throws: ``HarmonyError`` at the first token that shows that the stream is not Harmony, and
    ///   again at every one after it.
    @inlinable
    public mutating func consume(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) throws(HarmonyError) {
        parser.consume(token, into: &receiver)
        try check()
    }

    /// Ends the stream.
    ///
    /// - Throws: ``HarmonyError`` if it ends inside a header.
    public mutating func finish(
        into receiver: inout some HarmonyEventReceiver
    ) throws(HarmonyError) {
        parser.finish(into: &receiver)
        try check()
    }

    @usableFromInline
    func check() throws(HarmonyError) {
        guard let violation = parser.violation else { return }
        throw HarmonyError(violation)
    }
}

extension HarmonyError {
    /// The error that strict parsing makes of a departure from the format.
    init(_ diagnostic: HarmonyDiagnostic) {
        let code: Code =
            switch diagnostic.kind {
            case .unknownToken: .unknownToken
            case .invalidHeaderText: .invalidText
            case .unfinishedHeader: .unexpectedEnd
            case .missingStart, .textOutsideMessage, .ignoredToken, .missingEnd: .unexpectedToken
            default: .invalidHeader
            }
        self.init(code: code, message: diagnostic.description)
    }
}
