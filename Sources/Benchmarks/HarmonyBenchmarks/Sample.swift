import Harmony

/// Texts and token streams to measure with, written for this purpose.
enum Sample {
    /// About 64 KB of prose.
    static let english = repeated(
        """
        The lighthouse keeper's daughter counted the ships that passed before breakfast: seven \
        on Monday, twelve on Tuesday, and none at all once the fog had come in. "It isn't the \
        sea that's quiet," she said, "it's us." By 1912 the lamp burned oil no longer.

        """
    )

    /// About 64 KB of source text.
    static let code = repeated(
        """
        func merge(_ left: [Int], _ right: [Int]) -> [Int] {
            var (i, j, result) = (0, 0, [Int]())
            while i < left.count && j < right.count {
                if left[i] <= right[j] { result.append(left[i]); i += 1 } else { j += 1 }
            }
            return result + left[i...] + right[j...]  // 0x1F is left over
        }

        """
    )

    /// About 64 KB of Chinese and Japanese.
    static let cjk = repeated(
        "灯台守の娘は朝食の前に通る船を数えた。月曜日は七隻、火曜日は十二隻。守灯塔的人说：海并不安静，安静的是我们。\n"
    )

    /// One final message, as a model writes it.
    static func finalMessage(_ content: [TokenID]) -> [TokenID] {
        let header = [SpecialToken.channel.rawValue] + Tokenizer().encode("final")
        return header + [SpecialToken.message.rawValue] + content + [SpecialToken.return.rawValue]
    }

    /// One call of a function with empty arguments, and the start of the next message.
    static let toolCall: [TokenID] = {
        let tokenizer = Tokenizer()
        return [SpecialToken.channel.rawValue] + tokenizer.encode("commentary to=functions.get ")
            + [SpecialToken.constrain.rawValue] + tokenizer.encode("json")
            + [SpecialToken.message.rawValue, SpecialToken.call.rawValue]
            + [SpecialToken.start.rawValue] + tokenizer.encode("assistant")
    }()

    private static func repeated(_ text: String) -> String {
        String(repeating: text, count: 65_536 / text.utf8.count)
    }
}
