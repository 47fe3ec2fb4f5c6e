import Harmony

/// A text cut into documents, to be encoded or decoded a number of times.
struct Workload {
    /// The number of bytes from which a document ends at the next end of a line.
    static let documentBytes = 64 * 1024

    private let documents: [String]
    private let tokenizer = Tokenizer()

    /// Reads the documents from standard input.
    init() {
        var documents: [String] = []
        var document = ""
        while let line = readLine(strippingNewline: false) {
            document += line
            if document.utf8.count >= Self.documentBytes {
                documents.append(document)
                document = ""
            }
        }
        self.documents = document.isEmpty ? documents : documents + [document]
    }

    /// Encodes every document a number of times.
    func encode(rounds: Int) {
        for _ in 0..<rounds {
            for document in documents { consume(tokenizer.encode(document).count) }
        }
    }

    /// Decodes the tokens of every document a number of times.
    func decode(rounds: Int) throws {
        let tokens = documents.map { tokenizer.encode($0) }
        for _ in 0..<rounds {
            for tokens in tokens { consume(try tokenizer.decode(tokens).count) }
        }
    }

    /// The size of the text and of its encoding, and a checksum of the latter, as JSON.
    func summary() -> String {
        let tokens = documents.flatMap { tokenizer.encode($0) }
        let bytes = documents.reduce(0) { $0 + $1.utf8.count }
        return #"{"bytes":\#(bytes),"tokens":\#(tokens.count),"checksum":\#(checksum(tokens))}"#
    }

    /// FNV-1a over the ids, which other implementations can compute as easily.
    private func checksum(_ tokens: [TokenID]) -> UInt64 {
        tokens.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Keeps a result alive, so that the work for it is not optimised away.
    @inline(never)
    private func consume(_ count: Int) {}
}
