/// How an answer is put into bytes: as the events of a response, or as the chunks of a chat
/// completion.
///
/// ``ResponseEventMachine`` decides what happens, a format only how it is told. Formats are asked
/// at the beginning and the end of things; deltas pass through the ``DeltaFrame`` that they gave.
protocol AnswerFormat: Sendable {
    /// The answer waits for a worker.
    func writeQueued(_ snapshot: ResponseSnapshot, to events: inout EventWriter)

    /// The answer is being made.
    func writeStarted(
        _ snapshot: ResponseSnapshot,
        wasQueued: Bool,
        to events: inout EventWriter
    )

    /// An item has begun.
    ///
    /// - Returns: The constant parts of its deltas.
    mutating func writeBegin(
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) -> DeltaFrame

    /// A piece of an answer's text, with the probabilities of its tokens.
    func writeDelta(
        _ text: String,
        _ logprobs: [TokenLogprob],
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    )

    /// An item's text is whole.
    ///
    /// - Parameters:
    ///   - item: The item as it was open.
    ///   - text: Its text.
    ///   - whole: The item as it is now.
    func writeTextEnd(
        of item: OpenItem,
        at index: Int,
        text: String,
        as whole: ResponseItem,
        to events: inout EventWriter
    )

    /// An item is there that is not written by the model.
    func writeAdded(_ item: ResponseItem, at index: Int, to events: inout EventWriter)

    /// An item has come a step further.
    func writeStep(
        _ step: ItemStep,
        of itemID: String,
        at index: Int,
        to events: inout EventWriter
    )

    /// An item is done.
    func writeDone(_ item: ResponseItem, at index: Int, to events: inout EventWriter)

    /// The answer has ended.
    func writeEnd(_ snapshot: ResponseSnapshot, to events: inout EventWriter)

    /// The whole answer.
    func writeObject(_ snapshot: ResponseSnapshot, as form: ItemForm, to json: inout JSONWriter)
}
