import NIOCore

/// Chat completions, whole or in chunks (OpenAI API reference, "Chat").
///
/// Reasoning is written under both names that clients look for, `reasoning` and
/// `reasoning_content`. The texts of several messages become one, with an empty line between them.
/// Where the content must be JSON, what the model says on the way to its answer is written as
/// reasoning, since the two together would be no JSON.
struct ChatFormat: AnswerFormat {
    /// What stands between two texts that become one.
    static let separator = "\n\n"

    /// The name of the model that answers.
    let model: String
    /// Whether a last chunk tells the usage, and all others say that it is null.
    let includesUsage: Bool
    /// Whether the content must be JSON.
    let isJSON: Bool
    /// What all chunks begin with, rendered once: id, type, time and model.
    let head: ByteBuffer

    /// How many calls have begun.
    private var callCount = 0
    /// Whether there is reasoning to which more would be added.
    private var hasReasoning = false
    /// Whether there is content to which more would be added.
    private var hasContent = false

    /// Creates the format of one completion.
    init(id: String, createdAt: Int, model: String, includesUsage: Bool, isJSON: Bool) {
        self.model = model
        self.includesUsage = includesUsage
        self.isJSON = isJSON
        var json = JSONWriter()
        json.member("id", id)
        json.member("object", "chat.completion.chunk")
        json.member("created", createdAt)
        json.member("model", model)
        head = json.buffer
    }

    func writeQueued(_ snapshot: ResponseSnapshot, to events: inout EventWriter) {}

    func writeStarted(
        _ snapshot: ResponseSnapshot,
        wasQueued: Bool,
        to events: inout EventWriter
    ) {
        writeChunk(to: &events) { json in
            json.member("role", "assistant")
            json.member("content", "")
        }
    }

    mutating func writeBegin(
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) -> DeltaFrame {
        switch item.kind {
        case .message(.commentary) where isJSON, .reasoning:
            if hasReasoning { writeReasoning(Self.separator, to: &events) }
            hasReasoning = true
            return reasoningFrame
        case .message:
            if hasContent { writeContent(Self.separator, logprobs: [], to: &events) }
            hasContent = true
            return contentFrame
        case .functionCall(let name, let callID), .customToolCall(let name, let callID):
            defer { callCount += 1 }
            writeCall(at: callCount, name: name.name, id: callID, to: &events)
            return callFrame
        case .mcpCall, .codeInterpreterCall, .webSearchCall, .mcpApprovalRequest: return .none
        }
    }

    func writeDelta(
        _ text: String,
        _ logprobs: [TokenLogprob],
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) {
        writeContent(text, logprobs: logprobs, to: &events)
    }

    func writeTextEnd(
        of item: OpenItem,
        at index: Int,
        text: String,
        as whole: ResponseItem,
        to events: inout EventWriter
    ) {}

    // A completion has no server's tools, and nothing that is done without being a delta.

    func writeAdded(_ item: ResponseItem, at index: Int, to events: inout EventWriter) {}

    func writeStep(
        _ step: ItemStep,
        of itemID: String,
        at index: Int,
        to events: inout EventWriter
    ) {}

    func writeDone(_ item: ResponseItem, at index: Int, to events: inout EventWriter) {}

    func writeEnd(_ snapshot: ResponseSnapshot, to events: inout EventWriter) {
        if let error = snapshot.error {
            events.chunk { json in
                json.member("error") { json in
                    APIError.serverError(error.message).write(to: &json)
                }
            }
        } else {
            writeChunk(finishReason: snapshot.finishReason, to: &events) { _ in }
            if includesUsage, let usage = snapshot.usage { write(usage, to: &events) }
        }
        events.done()
    }

    func writeObject(_ snapshot: ResponseSnapshot, as form: ItemForm, to json: inout JSONWriter) {
        snapshot.writeCompletion(model: model, isJSON: isJSON, to: &json)
    }

    // The constant parts of deltas. A call's deltas refer to it by its number.

    private var contentFrame: DeltaFrame {
        frame(#""content":""#, "\"")
    }

    private var reasoningFrame: DeltaFrame {
        frame(#""reasoning":""#, between: #"","reasoning_content":""#, "\"")
    }

    private var callFrame: DeltaFrame {
        frame(#""tool_calls":[{"index":\#(callCount),"function":{"arguments":""#, #""}}]"#)
    }

    private func frame(
        _ before: String,
        between: String? = nil,
        _ after: String
    ) -> DeltaFrame {
        let usage = includesUsage ? ",\"usage\":null" : ""
        let head = "data: {\(String(buffer: head)),\"choices\":[{\"index\":0,\"delta\":{"
        let tail = "},\"logprobs\":null,\"finish_reason\":null}]\(usage)}\n\n"
        return DeltaFrame(
            beforeText: head + before,
            betweenTexts: between,
            afterText: after + tail
        )
    }
}
