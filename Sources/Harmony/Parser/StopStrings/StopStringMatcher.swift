/// Finds the first of some stop strings in a text that arrives in pieces.
///
/// Text that may be the beginning of a stop string is held back until that is decided, and never
/// more than that: at most the longest stop string less one byte. What is released is always whole
/// UTF-8, because UTF-8 cannot match itself in the middle of a character.
///
/// - Complexity: O(n) in the text for each stop string, whatever the text (Knuth, Morris, Pratt).
public struct StopStringMatcher: Sendable {
    private let patterns: [Pattern]
    /// For each pattern, how many of its bytes the end of the text matches.
    private var progress: [Int]
    /// The pattern whose beginning is held back.
    private var heldPattern = 0
    /// The number of bytes held back.
    private var heldCount = 0

    /// Creates a matcher.
    ///
    /// - Parameter stopStrings: The strings to look for; empty ones are ignored.
    public init(_ stopStrings: [String]) {
        patterns = stopStrings.filter { !$0.isEmpty }.map(Pattern.init)
        progress = Array(repeating: 0, count: patterns.count)
    }

    /// How many bytes of the text are held back.
    public var heldBytes: Int { heldCount }

    /// Whether there is nothing to look for.
    public var isEmpty: Bool { patterns.isEmpty }

    /// Forgets the text so far, with what is held back of it.
    public mutating func reset() {
        for index in progress.indices { progress[index] = 0 }
        heldCount = 0
    }

    /// Takes the next piece of the text, and releases what cannot be part of a stop string.
    ///
    /// - Parameters:
    ///   - utf8: Whole UTF-8.
    ///   - receiver: Its ``HarmonyEventReceiver/textReceived(_:)`` is given what is released.
    /// - Returns: The stop string that ends first in the text, the longest of those that end
    ///   together; nil if there is none yet. What precedes it has been released, nothing else is.
    public mutating func append(
        _ utf8: Span<UInt8>,
        into receiver: inout some HarmonyEventReceiver
    ) -> String? {
        for index in utf8.indices {
            guard let match = advance(over: utf8[index]) else { continue }
            let keep = patterns[match].bytes.count
            release(utf8.extracting(...index), keeping: keep, into: &receiver)
            reset()
            return patterns[match].string
        }
        let longest = progress.indices.max { progress[$0] < progress[$1] }
        let keep = longest.map { progress[$0] } ?? 0
        release(utf8, keeping: keep, into: &receiver)
        heldPattern = longest ?? 0
        heldCount = keep
        return nil
    }

    /// Ends the text: what is held back is no stop string.
    public mutating func finish(into receiver: inout some HarmonyEventReceiver) {
        releaseHeld(heldCount, into: &receiver)
        reset()
    }
}

extension StopStringMatcher {
    /// Moves all patterns on by one byte; the longest that is complete with it, if any.
    private mutating func advance(over byte: UInt8) -> Int? {
        var match: Int?
        for index in patterns.indices {
            progress[index] = patterns[index].advance(progress[index], over: byte)
            guard progress[index] == patterns[index].bytes.count else { continue }
            if let longest = match, progress[longest] >= progress[index] { continue }
            match = index
        }
        return match
    }

    /// Releases what is held back and a new piece, up to the last bytes.
    private func release(
        _ utf8: Span<UInt8>,
        keeping keep: Int,
        into receiver: inout some HarmonyEventReceiver
    ) {
        let count = heldCount + utf8.count - keep
        releaseHeld(min(count, heldCount), into: &receiver)
        guard count > heldCount else { return }
        receiver.textReceived(utf8.extracting(..<(count - heldCount)))
    }

    /// Releases the first of the bytes held back, which are the beginning of a pattern.
    private func releaseHeld(_ count: Int, into receiver: inout some HarmonyEventReceiver) {
        guard count > 0 else { return }
        let held = patterns[heldPattern].bytes
        receiver.textReceived(held.span.extracting(..<count))
    }
}

extension StopStringMatcher {
    /// A stop string prepared for searching.
    private struct Pattern: Sendable {
        let string: String
        let bytes: [UInt8]
        /// For each number of matched bytes, how many still match if the next one does not.
        private var fallbacks: [Int]

        init(_ string: String) {
            self.string = string
            bytes = Array(string.utf8)
            fallbacks = [0, 0]
            for count in 1..<max(1, bytes.count) {
                fallbacks.append(advance(fallbacks[count], over: bytes[count]))
            }
        }

        /// How many bytes match after one more, given how many did before it.
        func advance(_ matched: Int, over byte: UInt8) -> Int {
            var matched = matched == bytes.count ? fallbacks[matched] : matched
            while matched > 0, bytes[matched] != byte { matched = fallbacks[matched] }
            return bytes[matched] == byte ? matched + 1 : 0
        }
    }
}
