public import Harmony
public import OpenAIAPI

/// The server-sent events of one response, read strictly: each is a line with its name, a line
/// with its data, and an empty line; `[DONE]` is the last; and together they keep to
/// ``EventGrammar``, whether they are all there or only the first of them.
public struct EventTranscript: Hashable, Sendable {
    /// One event.
    public struct Event: Hashable, Sendable {
        /// The name in its `event:` line, equal to the `type` in its data.
        public let type: String
        /// Its data.
        public let data: JSONValue
    }

    /// What a transcript must not hold.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, with the text at fault.
        public let description: String
    }

    /// The events in order, without `[DONE]`.
    public private(set) var events: [Event] = []
    /// Whether `[DONE]` came.
    public private(set) var isDone = false

    /// Reads whole events.
    ///
    /// - Parameters:
    ///   - text: The stream, up to its end or to that of an event before.
    ///   - dialect: The vocabulary of its events.
    /// - Throws: ``Fault`` for anything but whole, well-formed and well-nested events with gap-free
    ///   numbers.
    public init(_ text: String, dialect: ResponseDialect = .openAI) throws(Fault) {
        guard text.isEmpty || text.hasSuffix("\n\n") else {
            throw Fault(
                description: "half an event at the end: \(text.suffix(80).debugDescription)"
            )
        }
        for block in text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast() {
            try read(block)
        }
        let faults = EventGrammar.faults(in: text, dialect: dialect, isCut: !isDone)
        guard faults.isEmpty else {
            throw Fault(description: "against the grammar: \(faults) in \(types)")
        }
    }

    /// The types of all events, in order.
    public var types: [String] { events.map(\.type) }

    /// The events of a type.
    public func events(_ type: String) -> [JSONValue] {
        events.filter { $0.type == type }.map(\.data)
    }

    /// The deltas of a type, joined.
    public func joinedDeltas(_ type: String) -> String {
        events(type).compactMap { $0["delta"]?.string }.joined()
    }

    /// The response in the last event.
    public var finalResponse: JSONValue? { events.last?.data["response"] }

    private mutating func read(_ block: Substring) throws(Fault) {
        guard !isDone else { throw Fault(description: "an event after [DONE]: \(block)") }
        if block == "data: [DONE]" {
            isDone = true
            return
        }
        let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 2, lines[0].hasPrefix("event: "), lines[1].hasPrefix("data: ") else {
            throw Fault(description: "not an event: \(block.debugDescription)")
        }
        try add(type: String(lines[0].dropFirst(7)), json: String(lines[1].dropFirst(6)))
    }

    private mutating func add(type: String, json: String) throws(Fault) {
        guard let data = try? JSONValue(parsing: json), data["type"]?.string == type else {
            throw Fault(description: "the data of \(type) is not its own: \(json)")
        }
        guard data["sequence_number"]?.integer == events.count else {
            throw Fault(description: "event \(events.count) has another number: \(json)")
        }
        events.append(Event(type: type, data: data))
    }
}
