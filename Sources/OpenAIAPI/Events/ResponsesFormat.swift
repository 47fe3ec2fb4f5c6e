/// The events of the Responses API (OpenAI API reference, "Streaming events").
struct ResponsesFormat: AnswerFormat {
    /// What the response repeats of its request.
    let echo: ResponseEcho
    /// The vocabulary of the events.
    let dialect: ResponseDialect
    /// Whether deltas are padded, so that somebody who sees only the sizes of encrypted packets
    /// learns less of the text.
    let padsDeltas: Bool

    func writeQueued(_ snapshot: ResponseSnapshot, to events: inout EventWriter) {
        write("response.created", snapshot, to: &events)
        write("response.queued", snapshot, to: &events)
    }

    func writeStarted(
        _ snapshot: ResponseSnapshot,
        wasQueued: Bool,
        to events: inout EventWriter
    ) {
        if !wasQueued { write("response.created", snapshot, to: &events) }
        write("response.in_progress", snapshot, to: &events)
    }

    func writeEnd(_ snapshot: ResponseSnapshot, to events: inout EventWriter) {
        if dialect == .openResponses, let error = snapshot.error { write(error, to: &events) }
        write(Self.terminalEvent(of: snapshot.status), snapshot, to: &events)
        events.done()
    }

    func writeObject(_ snapshot: ResponseSnapshot, as form: ItemForm, to json: inout JSONWriter) {
        snapshot.write(with: echo, as: form, to: &json)
    }

    /// No schema has an event for a cancelled response; a stream that is still attached ends with
    /// `response.failed`, whose response says `cancelled`.
    private static func terminalEvent(of status: ResponseStatus) -> StaticString {
        switch status {
        case .completed: "response.completed"
        case .incomplete: "response.incomplete"
        case .queued, .inProgress, .failed, .cancelled: "response.failed"
        }
    }

    private func write(
        _ type: StaticString,
        _ snapshot: ResponseSnapshot,
        to events: inout EventWriter
    ) {
        events.event(type) { json in
            json.member("response") { json in snapshot.write(with: echo, to: &json) }
        }
    }

    private func write(_ error: ResponseError, to events: inout EventWriter) {
        events.event("error") { json in
            json.member("error") { json in
                json.object { json in
                    json.member("type", APIError.Kind.server.rawValue)
                    json.member("code", error.code.rawValue)
                    json.member("message", error.message)
                    json.member("param", literal: "null")
                }
            }
        }
    }
}
