/// The bytes of an open item's delta events that are the same in all of them.
///
/// An item of a thousand tokens is a thousand events that differ in a number and a few bytes of
/// text. Everything else is rendered once, when the item opens:
///
///     event: T\ndata: {"type":"T","sequence_number": … ,"item_id":"I", … ,"delta":" … "}\n\n
struct DeltaFrame: Hashable, Sendable {
    /// The three constant parts, one after the other.
    let bytes: [UInt8]
    /// Where the sequence number goes.
    let sequenceOffset: Int
    /// Where the text goes.
    let textOffset: Int

    /// Renders the constant parts.
    ///
    /// - Parameters:
    ///   - type: The type of the event.
    ///   - members: The members between `sequence_number` and `delta`, each with a comma before it.
    ///   - lastMembers: The members after `delta`, each with a comma before it.
    init(type: StaticString, members: String, lastMembers: StaticString = "") {
        let head = "event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":"
        let middle = "\(members),\"delta\":\""
        sequenceOffset = head.utf8.count
        textOffset = sequenceOffset + middle.utf8.count
        bytes = Array("\(head)\(middle)\"\(lastMembers)}\n\n".utf8)
    }

    /// The frame of no event.
    static let none = DeltaFrame(type: "", members: "")
}
