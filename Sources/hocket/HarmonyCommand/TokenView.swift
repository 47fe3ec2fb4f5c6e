import Harmony

/// Shows tokens as text, each message with its line end, so that its parts can be told apart.
struct TokenView {
    /// Whether terminal colours are used.
    let isColored: Bool

    /// Whether each token is followed by its id, as in `Hello⟨13225⟩`.
    let showsIDs: Bool

    /// The most tokens that hold one character: a character has at most four bytes.
    private static let characterTokensMax = 4

    /// Tokens that are shown alike.
    private struct Run {
        var tokens: [TokenID]
        var style: TokenStyle

        var endsMessage: Bool {
            switch tokens.last.flatMap(SpecialToken.init(rawValue:)) {
            case .end, .return, .call: true
            default: false
            }
        }

        var isWithinCharacter: Bool {
            guard let bytes = try? Tokenizer().decode(tokens) else { return false }
            return String(validating: bytes, as: UTF8.self) == nil
        }
    }

    /// The tokens as text.
    func text(of tokens: [TokenID]) -> String {
        let text = runs(of: tokens).map { shown($0) }.joined()
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private func runs(of tokens: [TokenID]) -> [Run] {
        let beginsWithStart = tokens.first == SpecialToken.start.rawValue
        var parser = HarmonyParser(startingAs: beginsWithStart ? nil : .assistant)
        var header = LastHeader()
        var runs: [Run] = []
        for token in tokens {
            parser.consume(token, into: &header)
            let style = TokenStyle(token, in: parser.state, after: header.value)
            if runs.last.map({ continues($0, as: style) }) ?? false {
                runs[runs.count - 1].tokens.append(token)
            } else {
                runs.append(Run(tokens: [token], style: style))
            }
        }
        return runs
    }

    /// Whether a token of this style belongs to the run before it.
    private func continues(_ run: Run, as style: TokenStyle) -> Bool {
        guard run.style == style, style != .marker else { return false }
        guard showsIDs else { return true }
        return run.tokens.count < Self.characterTokensMax && run.isWithinCharacter
    }

    private func shown(_ run: Run) -> String {
        var text = colored(Tokenizer().text(of: run.tokens).visible, run.style)
        let isKnown = run.tokens.allSatisfy { Vocabulary.bytes(of: $0) != nil }
        if showsIDs || !isKnown {
            text += "⟨" + run.tokens.map(String.init).joined(separator: " ") + "⟩"
        }
        return run.endsMessage ? text + "\n" : text
    }

    private func colored(_ text: String, _ style: TokenStyle) -> String {
        guard isColored, let code = style.code else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

/// Remembers the header of the current message.
private struct LastHeader: HarmonyEventReceiver {
    var value: HarmonyHeader?

    mutating func messageStarted(_ header: HarmonyHeader) { value = header }
    mutating func textReceived(_ utf8: Span<UInt8>) {}
    mutating func messageEnded(_ end: HarmonyMessageEnd) {}
    mutating func repaired(_ diagnostic: HarmonyDiagnostic) {}
}

extension String {
    /// The text with what would act on the terminal instead of being seen in it spelled out.
    ///
    /// The text comes from a model, which can be made to say anything.
    fileprivate var visible: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.actsOnTerminal {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    fileprivate var actsOnTerminal: Bool {
        switch self {
        case "\n", "\t": false
        default: properties.generalCategory == .control || properties.isBidiControl
        }
    }
}
