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

    private let hasGivenRole: Bool
    /// Whether the role is known, from before the header or from its text.
    private var hasRole: Bool

    init(_ text: HeaderText, role: Role?, tools: DeclaredTools) {
        self.text = text
        self.tools = tools
        diagnostics = text.diagnostics
        header = HarmonyHeader(role: role ?? .assistant)
        hasGivenRole = role != nil
        hasRole = hasGivenRole
    }

    /// Reads the header.
    ///
    /// - Parameter isCut: Whether the stream ended here, so that the last field may be incomplete
    ///   and must not be mistaken for content.
    mutating func read(isCut: Bool) {
        for segment in text.segments { read(segment) }
        if header.recipient?.isTool == true { readArguments() }
        resolveRecipient()
        if isCut {
            isMessage = !content.isBlank && !isUnfinishedField
        } else {
            isMessage = !content.isBlank || header.recipient?.isTool == true
        }
    }

    /// Whether what would be content is rather the beginning of a field.
    private var isUnfinishedField: Bool {
        let rest = content.trimmed
        if "to=".removing(prefix: String(rest)) != nil { return true }
        if header.recipient != nil { return rest.removing(prefix: "{") == nil }
        let isUnknownChannel = header.channel == nil && text.segments.count > 1
        let isChannelBegun = Channel.trained.contains {
            $0.rawValue.removing(prefix: String(rest)) != nil
        }
        if isUnknownChannel, isChannelBegun { return true }
        let isOneWord = !rest.unicodeScalars.contains(where: \.isSpace)
        return !hasRole && text.segments.count == 1 && isOneWord
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
        let text = rest.withoutLeadingSpace
        for role in Role.allCases where !hasGivenRole || role == header.role {
            guard let after = text.removing(prefix: role.rawValue) else { continue }
            header.role = role
            hasRole = true
            rest = after
            while let next = rest.removing(prefix: role.rawValue) { rest = next }
            return
        }
    }

    /// A known channel is the channel even if text is glued to it; anything else is text.
    private mutating func readChannel(_ rest: inout Substring) {
        let text = rest.withoutLeadingSpace
        for channel in Channel.trained {
            guard let after = text.removing(prefix: channel.rawValue) else { continue }
            if header.channel == nil { header.channel = channel }
            rest = after
            return
        }
    }

    private mutating func readType(_ rest: inout Substring) {
        guard header.contentType == nil else { return }
        let text = rest.withoutLeadingSpace
        let type = text.prefix(upTo: { !$0.properties.isAlphabetic })
        header.contentType = ContentType(rawValue: ContentType.marker + type)
        rest = text[type.endIndex...]
    }

    private mutating func readRecipient(_ rest: inout Substring) {
        guard header.recipient == nil else { return }
        guard let after = rest.withoutLeadingSpace.removing(prefix: "to=") else { return }
        let name = after.prefix(upTo: { $0.isSpace || $0 == "{" })
        header.recipient = Recipient(rawValue: String(name))
        rest = after[name.endIndex...]
    }

    /// The arguments of a call begin at its first brace; a type may stand before them.
    private mutating func readArguments() {
        let before = content.prefix(upTo: { $0 == "{" })
        let word = String(before.trimmed)
        if word == "json" || word == "code" {
            if header.contentType == nil { header.contentType = ContentType(rawValue: word) }
        } else if before.endIndex == content.endIndex {
            return
        } else if !word.isEmpty {
            report(.ignoredText, detail: word)
        }
        content = String(content[before.endIndex...])
    }

    private mutating func resolveRecipient() {
        guard let spelled = header.recipient?.rawValue else { return }
        guard let resolution = tools.resolve(spelled) else { return }
        header.recipient = Recipient(rawValue: resolution.recipient)
        if header.contentType == nil, let type = resolution.contentType {
            header.contentType = ContentType(rawValue: type)
        }
        report(.misspelledRecipient, detail: spelled)
    }

    private mutating func report(_ kind: HarmonyDiagnostic.Kind, detail: String) {
        let position = text.position(of: 0)
        diagnostics.append(HarmonyDiagnostic(kind, position: position, detail: detail))
    }
}
