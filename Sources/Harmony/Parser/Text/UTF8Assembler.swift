/// Puts text together from pieces of UTF-8 that may be cut inside a character.
///
/// Every maximal ill-formed subpart (Unicode 16, section 3.9, table 3-7) becomes one U+FFFD as soon
/// as it is known to be ill-formed. The only bytes ever held back are the beginning of a character
/// that the next piece can still complete, at most three.
public struct UTF8Assembler: Sendable {
    /// The beginning of a character.
    private var pending: InlineArray<4, UInt8> = .init(repeating: 0)
    @usableFromInline var pendingCount = 0

    /// Creates an assembler with nothing held back.
    public init() {}

    /// Whether the beginning of a character is held back.
    public var isPending: Bool { pendingCount > 0 }

    /// Takes the next piece.
    ///
    /// - Parameters:
    ///   - bytes: Any bytes.
    ///   - emit: Called with each stretch of text that is complete, never with an empty one.
    /// - Returns: How many ill-formed subparts were replaced.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>, emit: (Span<UInt8>) -> Void) -> Int {
        if pendingCount == 0, bytes.isASCII {
            if !bytes.isEmpty { emit(bytes) }
            return 0
        }
        return assemble(bytes, emit: emit)
    }

    /// Ends the text: the beginning of a character still held back becomes one U+FFFD.
    ///
    /// - Returns: How many ill-formed subparts were replaced, 0 or 1.
    public mutating func finish(emit: (Span<UInt8>) -> Void) -> Int {
        guard pendingCount > 0 else { return 0 }
        pendingCount = 0
        Self.emitReplacement(emit)
        return 1
    }

    /// Emits one U+FFFD.
    static func emitReplacement(_ emit: (Span<UInt8>) -> Void) {
        let replacement: InlineArray<3, UInt8> = [0xEF, 0xBF, 0xBD]
        emit(replacement.span)
    }
}

extension UTF8Assembler {
    /// Takes a piece that holds more than ASCII, or that follows a character's beginning.
    @usableFromInline
    mutating func assemble(_ bytes: Span<UInt8>, emit: (Span<UInt8>) -> Void) -> Int {
        var replaced = 0
        var index = completePending(with: bytes, replaced: &replaced, emit: emit)
        var textStart = index
        while index < bytes.count {
            switch UTF8Sequence(bytes, at: index) {
            case .whole(let count):
                index += count
            case .illFormed(let count):
                if textStart < index { emit(bytes.extracting(textStart..<index)) }
                Self.emitReplacement(emit)
                replaced += 1
                index += count
                textStart = index
            case .incomplete:
                if textStart < index { emit(bytes.extracting(textStart..<index)) }
                while index < bytes.count { hold(bytes[index], &index) }
                return replaced
            }
        }
        if textStart < index { emit(bytes.extracting(textStart..<index)) }
        return replaced
    }

    private mutating func hold(_ byte: UInt8, _ index: inout Int) {
        pending[pendingCount] = byte
        pendingCount += 1
        index += 1
    }

    /// Completes the character held back, or gives it up at the first byte that does not belong.
    ///
    /// - Returns: The index of the first byte that is not part of it.
    private mutating func completePending(
        with bytes: Span<UInt8>,
        replaced: inout Int,
        emit: (Span<UInt8>) -> Void
    ) -> Int {
        var index = 0
        while pendingCount > 0, index < bytes.count {
            hold(bytes[index], &index)
            switch UTF8Sequence(pending.span.extracting(..<pendingCount), at: 0) {
            case .whole(let count):
                pendingCount = 0
                emit(pending.span.extracting(..<count))
            case .illFormed:
                // The byte just added broke it, and begins something of its own.
                pendingCount = 0
                index -= 1
                Self.emitReplacement(emit)
                replaced += 1
            case .incomplete:
                break
            }
        }
        return index
    }
}
