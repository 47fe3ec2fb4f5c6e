/// The text of a header, cut into segments at its markers.
struct HeaderText {
    /// A stretch of text and the marker before it, nil at the start of the header.
    struct Segment {
        var marker: SpecialToken?
        var text: Range<Int>
    }

    /// The text of the ordinary tokens, valid UTF-8.
    private(set) var bytes: [UInt8] = []
    /// In order; the first has no marker and may be empty.
    private(set) var segments: [Segment] = []
    /// What was wrong with the tokens themselves.
    private(set) var diagnostics: [HarmonyDiagnostic] = []

    /// For each token the offset in the text at which it begins.
    private var offsets: [Int] = []
    private let position: Int

    init(_ header: HeaderBuffer) {
        position = header.position
        bytes.reserveCapacity(header.tokens.count * 8)
        offsets.reserveCapacity(header.tokens.count)
        var assembler = UTF8Assembler()
        var marker: SpecialToken?
        var start = 0
        for token in header.tokens {
            offsets.append(bytes.count)
            if let special = SpecialToken(rawValue: token) {
                complete(&assembler)
                segments.append(Segment(marker: marker, text: start..<bytes.count))
                marker = special
                start = bytes.count
            } else {
                append(token, with: &assembler)
            }
        }
        complete(&assembler)
        segments.append(Segment(marker: marker, text: start..<bytes.count))
    }

    /// The whole header with its markers spelled out.
    var spelled: String {
        segments.map { ($0.marker?.text ?? "") + string($0.text) }.joined()
    }

    /// The text of a stretch.
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The position in the stream of the token that holds an offset of the text.
    func position(of offset: Int) -> Int {
        position + max(0, (offsets.firstIndex { $0 > offset } ?? offsets.count) - 1)
    }

    /// Whether a byte is what separates words in a header: ASCII white space without VT, as in
    /// the reference implementation.
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) && byte != 0x0B
    }
}

extension HeaderText {
    private mutating func append(_ token: TokenID, with assembler: inout UTF8Assembler) {
        guard let text = Vocabulary.bytes(of: token) else {
            complete(&assembler)
            note(.unknownToken, detail: String(token))
            bytes.append(contentsOf: "\u{FFFD}".utf8)
            return
        }
        let replaced = assembler.append(text) { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        if replaced > 0 { note(.invalidHeaderText) }
    }

    private mutating func complete(_ assembler: inout UTF8Assembler) {
        let replaced = assembler.finish { piece in
            for index in piece.indices { bytes.append(piece[index]) }
        }
        if replaced > 0 { note(.invalidHeaderText) }
    }

    private mutating func note(_ kind: HarmonyDiagnostic.Kind, detail: String? = nil) {
        let token = position + max(0, offsets.count - 1)
        diagnostics.append(HarmonyDiagnostic(kind, position: token, detail: detail))
    }
}
