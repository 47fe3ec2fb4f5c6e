/// A compaction: what users said, and the sealed summary of everything.
///
/// It is never streamed, so that all there is to write is the whole.
struct CompactionFormat: AnswerFormat {
    private let id: String
    private let itemID: String
    private let userMessages: [ResponseItem]
    private let seal: ReasoningSeal

    /// - Parameter identifiers: Where ids come from; the compaction has that of its response.
    init(
        of request: CompactionRequest,
        identifiers: inout ResponseIdentifiers,
        seal: ReasoningSeal
    ) {
        id = identifiers.response
        itemID = identifiers.next(.compaction)
        userMessages = request.userMessages.map {
            ResponseItem.message($0).kept(using: &identifiers)
        }
        self.seal = seal
    }

    func writeObject(_ snapshot: ResponseSnapshot, as form: ItemForm, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("object", "response.compaction")
            json.member("created_at", snapshot.createdAt)
            json.member("output") { json in
                json.array(of: userMessages + [compaction(of: snapshot)]) { $0.write(to: &$1) }
            }
            json.member("usage") { json in (snapshot.usage ?? ResponseUsage()).write(to: &json) }
        }
    }

    private func compaction(of snapshot: ResponseSnapshot) -> ResponseItem {
        let texts = snapshot.output.flatMap { item -> [String] in
            guard case .message(let message) = item, message.phase == .finalAnswer else {
                return []
            }
            return message.content.compactMap(\.text)
        }
        let summary = texts.joined(separator: "\n\n")
        return .compaction(CompactionItem(id: itemID, summary: summary, sealedWith: seal))
    }

    // Nothing is told before the end.

    func writeQueued(_ snapshot: ResponseSnapshot, to events: inout EventWriter) {}

    func writeStarted(
        _ snapshot: ResponseSnapshot,
        wasQueued: Bool,
        to events: inout EventWriter
    ) {}

    func writeBegin(
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) -> DeltaFrame { .none }

    func writeDelta(
        _ text: String,
        _ logprobs: [TokenLogprob],
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) {}

    func writeTextEnd(
        of item: OpenItem,
        at index: Int,
        text: String,
        as whole: ResponseItem,
        to events: inout EventWriter
    ) {}

    func writeAdded(_ item: ResponseItem, at index: Int, to events: inout EventWriter) {}

    func writeStep(
        _ step: ItemStep,
        of itemID: String,
        at index: Int,
        to events: inout EventWriter
    ) {}

    func writeDone(_ item: ResponseItem, at index: Int, to events: inout EventWriter) {}

    func writeEnd(_ snapshot: ResponseSnapshot, to events: inout EventWriter) {}
}
