import Harmony

/// The token ids that a fuzzer's input stands for.
struct TokenStream {
    var role: Role?
    var declaredTools: Set<String> = []
    var tokens: [TokenID] = []

    /// What the bytes 0…63 stand for, over and over.
    private static let palette: [TokenID] = {
        let text = "assistant user tool functions.get_weather to= json code {\"a\":1}\n 🧭中é"
        let words = ["assistant", "analysis", "commentary", "final", text, "<|start|>assistant"]
        let specials = SpecialToken.all.map(\.rawValue).filter { $0 <= 200_013 }.sorted()
        return specials + words.flatMap { Tokenizer().encode($0) }
    }()

    /// Reads the first byte as options and the rest as tokens.
    ///
    /// A byte below 64 is a marker or a word of headers, one below 224 begins the number of an
    /// ordinary token, any other one an arbitrary id.
    init(_ input: UnsafeBufferPointer<UInt8>) {
        var bytes = unsafe input.makeIterator()
        let options = unsafe bytes.next() ?? 0
        role = options & 1 == 0 ? .assistant : nil
        if options & 2 != 0 { declaredTools = ["get_weather", "json"] }
        while let byte = unsafe bytes.next() {
            switch byte {
            case ..<64:
                tokens.append(Self.palette[Int(byte) % Self.palette.count])
            case ..<224:
                let low = unsafe bytes.next() ?? 0
                tokens.append(TokenID(byte - 64) << 8 | TokenID(low))
            default:
                var id: TokenID = 0
                for _ in 0..<4 { id = unsafe id << 8 | TokenID(bytes.next() ?? 0) }
                tokens.append(id)
            }
        }
    }

    /// Whether ordinary tokens hold what a marker could be spelled with.
    var canSpellMarker: Bool {
        let ordinary = tokens.filter { SpecialToken(rawValue: $0) == nil }
        return Tokenizer().text(of: ordinary).utf8.contains(UInt8(ascii: "|"))
    }
}
