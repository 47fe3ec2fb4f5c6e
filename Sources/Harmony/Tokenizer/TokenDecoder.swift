internal import CHarmonyVocabulary

/// Joins the bytes of tokens: adds up how many there are, then copies them into one array.
struct TokenDecoder {
    /// The tokens to decode.
    let tokens: [TokenID]

    /// Makes a decoder of some tokens.
    init(_ tokens: some Sequence<TokenID>) {
        self.tokens = Array(tokens)
    }

    /// The position of the first token that the vocabulary lacks, if there is one.
    var firstUnknown: Int? {
        tokens.firstIndex { $0 >= Vocabulary.tableSize }
    }

    /// The bytes of the tokens, with U+FFFD for those that the vocabulary lacks.
    func bytes() -> [UInt8] {
        let capacity = byteCount + CopyCursor.overrunBytesMax
        return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            var cursor = unsafe CopyCursor(UnsafeMutableRawPointer(start))
            for token in tokens {
                if token < Vocabulary.tableSize {
                    cursor.append(TokenExtent(of: token))
                } else {
                    cursor.appendReplacement()
                }
            }
            count = cursor.count
        }
    }

    private var byteCount: Int {
        var count = 0
        for token in tokens {
            count &+= token < Vocabulary.tableSize ? TokenExtent(of: token).count : 3
        }
        return count
    }
}

/// Where the bytes of the next token go.
///
/// Most tokens are short, so 16 bytes are copied at a time, beyond the end of the token if need
/// be. What lies beyond is overwritten by the next token or is not counted.
@safe private struct CopyCursor {
    private typealias Chunk = SIMD16<UInt8>

    /// The memory needed beyond the bytes that are appended.
    static var overrunBytesMax: Int { 16 }

    private let start: UnsafeMutableRawPointer
    /// The number of bytes appended.
    private(set) var count = 0

    /// Makes a cursor for memory that the caller knows to be large enough.
    init(_ start: UnsafeMutableRawPointer) {
        unsafe self.start = start
    }

    @inline(__always)
    mutating func append(_ extent: TokenExtent) {
        let source = unsafe UnsafeRawPointer(charmonyTokenBytes()) + extent.offset
        let target = unsafe start + count
        var copied = 0
        repeat {
            let chunk = unsafe source.loadUnaligned(fromByteOffset: copied, as: Chunk.self)
            unsafe target.storeBytes(of: chunk, toByteOffset: copied, as: Chunk.self)
            copied &+= MemoryLayout<Chunk>.size
        } while copied < extent.count
        count &+= extent.count
    }

    /// Appends U+FFFD, REPLACEMENT CHARACTER.
    mutating func appendReplacement() {
        for byte in "\u{FFFD}".utf8 {
            unsafe start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
            count &+= 1
        }
    }
}
