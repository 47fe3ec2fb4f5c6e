/// The bytes of an open item's delta events that are the same in all of them.
///
/// An item of a thousand tokens is a thousand events that differ in a number and a few bytes of
/// text. Everything else is rendered once, when the item opens:
///
///     event: T\ndata: {"type":"T","sequence_number": … ,"item_id":"I", … ,"delta":" … "}\n\n
///
/// A chunk of a chat completion has no number, and one of its reasoning has the text twice, since
/// clients look for it under two names.
struct DeltaFrame: Hashable, Sendable {
    /// The constant parts, one after the other.
    let bytes: [UInt8]
    /// Where the sequence number goes, if there is one.
    let sequenceOffset: Int
    /// Where the text goes.
    let textOffset: Int
    /// Where the text goes again, if it does.
    let repeatOffset: Int
    /// Whether there is a sequence number.
    let isNumbered: Bool
    /// Whether the text is written twice.
    let repeatsText: Bool

    /// The parts of an event with a number.
    init(beforeSequence: String, beforeText: String, afterText: String) {
        bytes = Array("\(beforeSequence)\(beforeText)\(afterText)".utf8)
        sequenceOffset = beforeSequence.utf8.count
        textOffset = sequenceOffset + beforeText.utf8.count
        repeatOffset = bytes.count
        isNumbered = true
        repeatsText = false
    }

    /// The parts of an event without a number; the text is repeated where there is `betweenTexts`.
    init(beforeText: String, betweenTexts: String? = nil, afterText: String) {
        bytes = Array("\(beforeText)\(betweenTexts ?? "")\(afterText)".utf8)
        sequenceOffset = 0
        textOffset = beforeText.utf8.count
        repeatOffset = betweenTexts.map { beforeText.utf8.count + $0.utf8.count } ?? bytes.count
        isNumbered = false
        repeatsText = betweenTexts != nil
    }

    /// The frame of no event.
    static let none = DeltaFrame(beforeText: "", afterText: "")
}
