/// Reads a header that no `<|message|>` ended: the fields it plainly has, and the rest as content.
///
/// Models forget `<|message|>` after `<|channel|>final` and after the recipient of a call
/// (frontend-crates#236, harmony#82). What is content is kept as it was written.
struct HeaderSalvage {
    let text: HeaderText
    let tools: DeclaredTools

    /// The fields that could be told from the content.
    private(set) var header: HarmonyHeader
    /// The rest of the text.
    private(set) var content = ""
    /// What was wrong.
    private(set) var diagnostics: [HarmonyDiagnostic]
    /// Whether there is enough to make a message of.
    private(set) var isMessage = false

    private let hasRole: Bool

    init(_ text: HeaderText, role: Role?, tools: DeclaredTools) {
        self.text = text
        self.tools = tools
        diagnostics = text.diagnostics
        header = HarmonyHeader(role: role ?? .assistant)
        hasRole = role != nil
    }

    /// Reads the header.
    ///
    /// - Parameter isCut: Whether the stream ended here, so that the last field may be incomplete
    ///   and must not be mistaken for content.
    mutating func read(isCut: Bool) {
        for segment in text.segments { read(segment) }
        if header.recipient != nil { readArguments() }
        resolveRecipient()
        if isCut {
            isMessage = !content.isBlank && !isUnfinishedField
        } else {
            isMessage = !content.isBlank || header.recipient?.isTool == true
        }
    }

    /// Whether what would be content is rather the beginning of a field.
    private var isUnfinishedField: Bool {
        let rest = content.trimmingWhiteSpace()
        if "to=".hasPrefix(rest) { return true }
        if header.recipient != nil { return !rest.hasPrefix("{") }
        let isUnknownChannel = header.channel == nil && text.segments.count > 1
        if isUnknownChannel, Channel.trained.contains(where: { $0.rawValue.hasPrefix(rest) }) {
            return true
        }
        return !hasRole && text.segments.count == 1 && !rest.contains(where: \.isWhitespace)
    }
}

// MARK: Segments

extension HeaderSalvage {
    private mutating func read(_ segment: HeaderText.Segment) {
        var rest = text.string(segment.text)[...]
        switch segment.marker {
        case nil: skipRole(&rest)
        case .channel: readChannel(&rest)
        case .constrain: readType(&rest)
        default: break
        }
        readRecipient(&rest)
        content += rest
    }

    private mutating func skipRole(_ rest: inout Substring) {
        let text = rest.drop(while: \.isWhitespace)
        for role in Role.allCases where !hasRole || role == header.role {
            guard text.hasPrefix(role.rawValue) else { continue }
            header.role = role
            rest = text
            while rest.hasPrefix(role.rawValue) { rest = rest.dropFirst(role.rawValue.count) }
            return
        }
    }

    /// A known channel is the channel even if text is glued to it; anything else is text.
    private mutating func readChannel(_ rest: inout Substring) {
        let text = rest.drop(while: \.isWhitespace)
        guard let known = Channel.trained.first(where: { text.hasPrefix($0.rawValue) }) else {
            return
        }
        if header.channel == nil { header.channel = known }
        rest = text.dropFirst(known.rawValue.count)
    }

    private mutating func readType(_ rest: inout Substring) {
        let text = rest.drop(while: \.isWhitespace)
        let type = text.prefix { $0.isLetter || $0.isNumber }
        if header.contentType == nil {
            header.contentType = ContentType(rawValue: ContentType.marker + type)
        }
        rest = text[type.endIndex...]
    }

    private mutating func readRecipient(_ rest: inout Substring) {
        let text = rest.drop(while: \.isWhitespace)
        guard header.recipient == nil, text.hasPrefix("to=") else { return }
        let name = text.dropFirst(3).prefix { !$0.isWhitespace && $0 != "{" }
        header.recipient = Recipient(rawValue: String(name))
        rest = text[name.endIndex...]
    }

    /// The arguments of a call begin at its first brace; a type may stand before them.
    private mutating func readArguments() {
        let start = content.firstIndex(of: "{") ?? content.endIndex
        let before = content[..<start].trimmingWhiteSpace()
        if before == "json" || before == "code" {
            if header.contentType == nil { header.contentType = ContentType(rawValue: before) }
        } else if start == content.endIndex {
            return
        } else if !before.isEmpty {
            let position = text.position(of: 0)
            diagnostics.append(
                HarmonyDiagnostic(.ignoredText, position: position, detail: before)
            )
        }
        content = String(content[start...])
    }

    private mutating func resolveRecipient() {
        guard let spelled = header.recipient?.rawValue else { return }
        guard let resolution = tools.resolve(spelled) else { return }
        header.recipient = Recipient(rawValue: resolution.recipient)
        if header.contentType == nil, let type = resolution.contentType {
            header.contentType = ContentType(rawValue: type)
        }
        diagnostics.append(
            HarmonyDiagnostic(
                .misspelledRecipient,
                position: text.position(of: 0),
                detail: spelled
            )
        )
    }
}
