import Harmony
public import OpenAIAPI

/// Checks a stream of events against the nesting that strict clients rely on: a response opens
/// and ends once, items are opened and closed one after the other, parts within their item, and
/// texts within their part.
///
/// It shares no code with the machine that writes events. It goes on after a fault, so that one
/// broken event gives the faults that belong to it.
public struct EventGrammar {
    /// How far the stream is.
    enum Stage: Hashable {
        case start
        case created
        case queued
        case inProgress
        case ended
        case done
    }

    let dialect: ResponseDialect
    private var faults: Set<GrammarFault> = []
    var stage = Stage.start
    var startsQueued = false
    var nextSequence = 0
    var responseID: JSONValue?
    var open: ItemGrammar?
    var doneItems: [JSONValue] = []
    /// The open item, if it is carried out and not written by the model alone.
    var carriedOut: CarriedOutItem?
    var hasErrorEvent = false

    /// The faults of a stream.
    ///
    /// - Parameters:
    ///   - stream: The bytes on the wire, as text.
    ///   - dialect: The vocabulary of its events.
    ///   - isCut: Whether its end may be missing, but not a part of an event.
    public static func faults(
        in stream: String,
        dialect: ResponseDialect = .openAI,
        isCut: Bool = false
    ) -> Set<GrammarFault> {
        var grammar = EventGrammar(dialect: dialect)
        for block in stream.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast() {
            grammar.check(block: block)
        }
        grammar.expect(stream.hasSuffix("\n\n") || (isCut && stream.isEmpty), .framing)
        grammar.expect(isCut || grammar.stage == .done, .end)
        return grammar.faults
    }

    private init(dialect: ResponseDialect) {
        self.dialect = dialect
    }

    mutating func expect(_ holds: Bool, _ fault: GrammarFault) {
        if !holds { faults.insert(fault) }
    }

    private mutating func check(block: Substring) {
        if block == "data: [DONE]" {
            expect(stage == .ended, .end)
            stage = .done
            return
        }
        let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 2, lines[0].hasPrefix("event: "), lines[1].hasPrefix("data: "),
            let data = try? JSONValue(parsing: String(lines[1].dropFirst(6)))
        else { return expect(false, .framing) }
        expect(data["type"]?.string == String(lines[0].dropFirst(7)), .eventName)
        check(event: data)
    }

    private mutating func check(event: JSONValue) {
        expect(stage != .ended && stage != .done, .end)
        expect(event["sequence_number"]?.integer == nextSequence, .sequence)
        nextSequence = (event["sequence_number"]?.integer ?? nextSequence) + 1
        checkNulls(in: event)
        let type = event["type"]?.string ?? ""
        if type == "error" { return checkError(event) }
        expect(event["error"] == nil, .error)
        if let response = event["response"] { return checkLifecycle(type, response) }
        checkItem(type, event)
    }

    private mutating func checkError(_ event: JSONValue) {
        expect(dialect == .openResponses && open == nil, .error)
        expect(event["error"]?["message"]?.string != nil, .error)
        hasErrorEvent = true
    }

    /// Keys that strict readers take as absent or as a value, but not as null.
    private mutating func checkNulls(in value: JSONValue) {
        let traps = [
            "annotations", "content", "encrypted_content", "logprobs", "phase", "verbosity",
        ]
        for member in value.object?.members ?? [] {
            expect(!(member.value.isNull && traps.contains(member.key)), .null)
            checkNulls(in: member.value)
        }
        for element in value.array ?? [] { checkNulls(in: element) }
    }
}
