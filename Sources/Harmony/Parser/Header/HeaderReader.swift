/// Reads a header that ended with `<|message|>`, in whatever order and number its parts come.
///
/// Well-formed headers mean what they mean to the reference implementation (openai-harmony 0.0.8):
/// the words that are neither the role nor the channel are a recipient and a content type, in this
/// order, and either may be absent.
struct HeaderReader {
    let text: HeaderText
    /// The role if it came before the header.
    let givenRole: Role?
    let tools: DeclaredTools

    /// What was wrong, in the order of reading.
    private(set) var diagnostics: [HarmonyDiagnostic]

    /// The words still to be explained.
    var words: [HeaderWord] = []
    var role = Role.assistant
    var channel: String?
    var recipient: String?
    var contentType: String?
    /// Where in the text these were found.
    var channelOffset = 0
    var recipientOffset = 0
    /// The same for a content type behind `<|constrain|>`.
    var constrainedOffset: Int?

    init(_ text: HeaderText, role: Role?, tools: DeclaredTools) {
        self.text = text
        givenRole = role
        self.tools = tools
        diagnostics = text.diagnostics
    }

    /// The header.
    mutating func read() -> HarmonyHeader {
        for segment in text.segments { read(segment) }
        var header = readRole()
        role = header.role
        readChannelWithoutMarker()
        readRecipient()
        resolveRecipient()
        header.channel = channel.map(Channel.init(rawValue:))
        header.recipient = recipient.map(Recipient.init(rawValue:))
        header.contentType = contentType.map(ContentType.init(rawValue:))
        if let channel, !Channel.trained.contains(Channel(rawValue: channel)) {
            report(.unknownChannel, at: channelOffset, detail: channel)
        }
        return header
    }

    mutating func report(_ kind: HarmonyDiagnostic.Kind, at offset: Int, detail: String? = nil) {
        diagnostics.append(
            HarmonyDiagnostic(kind, position: text.position(of: offset), detail: detail)
        )
    }

    /// Reports words that explain nothing and forgets them.
    mutating func ignoreWords() {
        guard let first = words.first else { return }
        let detail = words.map(\.text).joined(separator: " ")
        report(.ignoredText, at: first.offset, detail: detail)
        words.removeAll()
    }
}

// MARK: Segments

extension HeaderReader {
    private mutating func read(_ segment: HeaderText.Segment) {
        switch segment.marker {
        case nil: readWords(segment.text)
        case .channel: readChannel(segment.text)
        case .constrain: readConstrained(segment.text)
        case let marker?:
            report(.ignoredToken, at: segment.text.lowerBound, detail: marker.text)
            readWords(segment.text)
        }
    }

    /// Cuts a stretch of text into words.
    private mutating func readWords(_ range: Range<Int>) {
        var start = range.lowerBound
        while let word = nextWord(in: start..<range.upperBound) {
            addWord(word)
            start = word.upperBound
        }
    }

    /// The next run of bytes that are not white space.
    private func nextWord(in range: Range<Int>) -> Range<Int>? {
        guard let start = range.first(where: { !HeaderText.isSpace(text.bytes[$0]) }) else {
            return nil
        }
        let rest = start..<range.upperBound
        let end = rest.first { HeaderText.isSpace(text.bytes[$0]) }
        return start..<(end ?? range.upperBound)
    }

    /// Adds a word, without the markers it may spell.
    private mutating func addWord(_ range: Range<Int>) {
        let spelled = text.string(range).trimmed
        let word = spelled.beforeMarker
        if !word.isEmpty { words.append(HeaderWord(text: String(word), offset: range.lowerBound)) }
        guard word.endIndex < spelled.endIndex else { return }
        readSpelledMarker(spelled[word.endIndex...], at: range.lowerBound)
    }

    /// Reads what begins with a marker spelled in ordinary tokens.
    ///
    /// Some quantized models come apart in this way (unsloth#5162): `f<|channel|>commentary` is no
    /// tool's name (vllm#32587). The reference implementation writes content types in this way when
    /// they do not begin with the marker.
    private mutating func readSpelledMarker(_ spelled: Substring, at offset: Int) {
        var rest = spelled
        if contentType == nil, let value = spelled.removing(prefix: ContentType.marker) {
            rest = value.beforeMarker
            contentType = ContentType.marker + rest
            constrainedOffset = offset
            rest = value[rest.endIndex...]
        } else if channel == nil, let value = spelled.removing(prefix: "<|channel|>") {
            let name = value.beforeMarker
            channel = name.isEmpty ? nil : String(name)
            channelOffset = offset
        }
        if !rest.isEmpty { report(.spelledMarker, at: offset, detail: String(rest)) }
    }

    /// Reads what follows `<|channel|>`: its name up to white space or `<`, then words.
    private mutating func readChannel(_ range: Range<Int>) {
        var name = String(text.string(range).prefix(upTo: { $0.isSpace || $0 == "<" }))
        var end = range.lowerBound + name.utf8.count
        if name.isEmpty, let word = nextWord(in: range), isTrainedChannel(text.string(word)) {
            name = text.string(word)
            end = word.upperBound
            report(.missingChannel, at: range.lowerBound)
        }
        setChannel(name, at: range.lowerBound)
        readWords(end..<range.upperBound)
    }

    /// The first channel wins, unless only a later one is known.
    private mutating func setChannel(_ name: String, at offset: Int) {
        guard let first = channel else {
            if name.isEmpty { report(.missingChannel, at: offset) }
            channel = name.isEmpty ? nil : name
            channelOffset = offset
            return
        }
        if isTrainedChannel(name), !isTrainedChannel(first) { channel = name }
        report(.repeatedChannel, at: offset, detail: channel == name ? first : name)
    }

    private func isTrainedChannel(_ name: String) -> Bool {
        Channel.trained.contains(Channel(rawValue: name))
    }

    /// Reads what follows `<|constrain|>`: the content type, then words.
    private mutating func readConstrained(_ range: Range<Int>) {
        let word = nextWord(in: range) ?? range.lowerBound..<range.lowerBound
        let type = text.string(word)
        if contentType == nil {
            contentType = ContentType.marker + type
            constrainedOffset = range.lowerBound
            if word.lowerBound > range.lowerBound {
                report(.misplacedContentType, at: word.lowerBound, detail: type)
            }
        } else {
            report(.misplacedContentType, at: range.lowerBound, detail: type)
        }
        readWords(word.upperBound..<range.upperBound)
    }
}
