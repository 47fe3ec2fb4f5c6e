extension HeaderReader {
    /// Explains the remaining words: recipient, content type, and what fits nowhere.
    mutating func readRecipient() {
        if let index = words.firstIndex(where: { $0.recipient != nil }) {
            readRecipient(at: index)
        } else {
            readBareWords()
        }
        ignoreWords()
    }

    /// `to=R`, and the content type in a word after or, wrongly, before it.
    private mutating func readRecipient(at index: Int) {
        recipient = words[index].recipient
        recipientOffset = words[index].offset
        var before = Array(words[..<index])
        var after = Array(words[(index + 1)...])
        after.removeAll { word in
            guard word.recipient != nil else { return false }
            report(.repeatedRecipient, at: word.offset, detail: word.text)
            return true
        }
        if contentType == nil, let last = after.popLast() {
            contentType = last.text
        } else if contentType == nil, let last = before.last, last.isType {
            before.removeLast()
            contentType = last.text
            report(.misplacedContentType, at: last.offset, detail: last.text)
        } else if let constrainedOffset, constrainedOffset < words[index].offset {
            report(.misplacedContentType, at: constrainedOffset, detail: contentType)
        }
        words = before + after
    }

    /// Words without `to=`: at most a recipient and a content type.
    private mutating func readBareWords() {
        guard let first = words.first else { return }
        recipientOffset = first.offset
        switch words.count {
        case 1 where contentType == nil && first.isType && !tools.contains(first.text):
            contentType = first.text
        case 1 where isPlausibleRecipient(first):
            recipient = first.text
        case 2 where contentType == nil && isPlausibleRecipient(first, type: words[1]):
            recipient = first.text
            contentType = words[1].text
        default:
            return
        }
        words.removeAll()
    }

    /// Whether a bare word is a recipient and not a stray word of an answer, which must never
    /// become a call (vllm#45570).
    private func isPlausibleRecipient(_ word: HeaderWord, type: HeaderWord? = nil) -> Bool {
        if word.isToolName || tools.contains(word.text) { return true }
        if !Recipient(rawValue: word.text).isTool { return true }
        if let constrainedOffset, constrainedOffset < word.offset { return false }
        guard role == .assistant else { return true }
        if let type { return type.isType }
        return channel != Channel.final.rawValue && tools.isEmpty
    }

    /// Gives the recipient the spelling of the declaration.
    mutating func resolveRecipient() {
        guard let spelled = recipient, let resolution = tools.resolve(spelled) else { return }
        recipient = resolution.recipient
        if contentType == nil { contentType = resolution.contentType }
        report(.misspelledRecipient, at: recipientOffset, detail: spelled)
    }
}
