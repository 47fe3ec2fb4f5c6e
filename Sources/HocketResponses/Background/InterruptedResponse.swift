import Harmony
import HocketEngine
import OpenAIAPI

/// A response whose process died, as far as its log tells of it.
///
/// Its machine died with the process, so that what was said is read back from the events.
struct InterruptedResponse {
    /// The response object.
    private(set) var object: JSONValue
    private var items: [JSONValue] = []
    /// The last `response.output_item.added` whose item is not done.
    private var openItem: JSONObject?
    /// The `response.content_part.added` of the open item.
    private var part: JSONObject?
    private var isPartDone = false
    /// The first delta of the open item's text.
    private var delta: JSONObject?
    private var text = ""
    private var isTextDone = false

    /// - Parameter object: the response object as it was stored.
    init(object: [UInt8]) {
        self.object = (try? JSONValue(parsing: object)) ?? [:]
    }

    // MARK: What was said

    /// Reads the next event, as it was written for clients.
    mutating func read(_ event: ArraySlice<UInt8>) {
        guard let brace = event.firstIndex(of: UInt8(ascii: "{")),
            let data = (try? JSONValue(parsing: Array(event[brace...])))?.object,
            let type = data["type"]?.string
        else { return }
        switch type {
        case "response.output_item.added": beginItem(data)
        case "response.output_item.done": closeItem(data)
        case "response.content_part.added": part = data
        case "response.content_part.done": isPartDone = true
        case let type where type.hasSuffix(".delta"): readDelta(data)
        case let type where type.hasSuffix(".done"): isTextDone = true
        default: break
        }
    }

    private mutating func beginItem(_ event: JSONObject) {
        openItem = event
        part = nil
        isPartDone = false
        delta = nil
        text = ""
        isTextDone = false
    }

    private mutating func closeItem(_ event: JSONObject) {
        items.append(event["item"] ?? .null)
        openItem = nil
    }

    private mutating func readDelta(_ event: JSONObject) {
        delta = delta ?? event
        text += event["delta"]?.string ?? ""
    }

    // MARK: Its end

    /// Ends the response as failed.
    ///
    /// - Returns: the last events of its log.
    mutating func end(continuingAt number: Int) -> EventRun {
        var events = EventRun(startingAt: number)
        if let openItem { close(openItem, to: &events) }
        guard var response = object.object else { return events }
        response["status"] = .string(ResponseStatus.failed.rawValue)
        response["error"] = [
            "code": .string(ResponseError.Code.serverError.rawValue),
            "message": "The server ended before the response was complete.",
        ]
        response["output"] = .array(items)
        object = .object(response)
        events.append(["type": "response.failed", "response": object])
        return events
    }

    private mutating func close(_ added: JSONObject, to events: inout EventRun) {
        var item = added["item"]?.object ?? [:]
        let first = delta ?? part.flatMap(Self.delta(ofPart:))
        if let first, !isTextDone { events.append(doneEvent(of: first)) }
        if var event = part, var part = event["part"]?.object {
            part["text"] = .string(text)
            event["type"] = "response.content_part.done"
            event["part"] = .object(part)
            if !isPartDone { events.append(event) }
            item["content"] = .array([.object(part)])
        } else if let first {
            item[Self.textKey(of: first)] = .string(text)
        }
        item["status"] = "incomplete"
        var done = added
        done["type"] = "response.output_item.done"
        done["item"] = .object(item)
        events.append(done)
        closeItem(done)
    }

    /// The delta that the text of a part would have begun with.
    private static func delta(ofPart event: JSONObject) -> JSONObject? {
        guard let type = event["part"]?["type"]?.string else { return nil }
        var delta = event
        delta["type"] = .string("response.\(type).delta")
        delta["part"] = nil
        if type == "output_text" { delta["logprobs"] = [] }
        return delta
    }

    private func doneEvent(of delta: JSONObject) -> JSONObject {
        let textKey = Self.textKey(of: delta)
        var done: JSONObject = [:]
        for member in delta.members where !["delta", "obfuscation"].contains(member.key) {
            done[member.key] = member.value
        }
        let type = delta["type"]?.string ?? ""
        done["type"] = .string(type.dropLast("delta".count) + "done")
        done[textKey] = .string(text)
        if done["logprobs"] != nil { done["logprobs"] = [] }
        if textKey == "arguments", let name = openItem?["item"]?["name"] { done["name"] = name }
        return done
    }

    /// What the whole text is called where a delta's is called `delta`.
    private static func textKey(of delta: JSONObject) -> String {
        switch delta["type"]?.string {
        case let type? where type.hasSuffix("_arguments.delta"): "arguments"
        case let type? where type.hasSuffix("_input.delta"): "input"
        default: "text"
        }
    }
}

extension EventRun {
    /// Adds an event with the next number.
    fileprivate mutating func append(_ data: JSONObject) {
        var data = data
        data["sequence_number"] = .number(JSONNumber(nextSequenceNumber))
        let type = data["type"]?.string ?? ""
        let event = "event: \(type)\ndata: \(JSONValue.object(data).compact)\n\n"
        append(Array(event.utf8).span)
    }
}
