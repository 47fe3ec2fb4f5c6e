import Harmony

/// Checks the chunks of a streamed chat completion: the role comes first, texts and calls after it,
/// one reason to finish, the usage if it was asked for, and `[DONE]`.
///
/// It shares no code with the machine that writes chunks, and goes on after a fault.
public struct ChatGrammar {
    /// How far the stream is.
    enum Stage: Hashable {
        case start
        case open
        case finished
        case counted
        case failed
        case done
    }

    private var faults: Set<ChatFault> = []
    private var head: [JSONValue?]?
    /// Whether chunks say that there is no usage yet, which means that there will be.
    private var hasUsage = false
    var stage = Stage.start
    /// The arguments of all calls so far.
    var calls: [String] = []

    /// The faults of a stream.
    ///
    /// - Parameters:
    ///   - stream: The bytes on the wire, as text.
    ///   - isCut: Whether its end may be missing, but not a part of a chunk.
    public static func faults(in stream: String, isCut: Bool = false) -> Set<ChatFault> {
        var grammar = ChatGrammar()
        for block in stream.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast() {
            grammar.check(block: block)
        }
        grammar.expect(stream.hasSuffix("\n\n") || (isCut && stream.isEmpty), .framing)
        grammar.expect(isCut || grammar.stage == .done, .end)
        return grammar.faults
    }

    mutating func expect(_ holds: Bool, _ fault: ChatFault) {
        if !holds { faults.insert(fault) }
    }

    private mutating func check(block: Substring) {
        expect(stage != .done, .end)
        if block == "data: [DONE]" { return end() }
        guard block.hasPrefix("data: "), !block.contains("\n"),
            let chunk = try? JSONValue(parsing: String(block.dropFirst(6)))
        else { return expect(false, .framing) }
        expect(stage != .failed, .error)
        if let error = chunk["error"] { return fail(error, in: chunk) }
        checkHead(chunk)
        guard let choice = chunk["choices"]?.array?.first else { return checkUsage(chunk) }
        expect(chunk["choices"]?.array?.count == 1 && choice["index"] == 0, .identity)
        expect((chunk["usage"] != nil) == hasUsage, .usage)
        expect(chunk["usage"]?.isNull ?? true, .usage)
        check(choice)
    }

    private mutating func end() {
        let isWhole = stage == .finished || stage == .counted || stage == .failed
        expect(isWhole, .end)
        expect(stage != .finished || !hasUsage, .usage)
        stage = .done
    }

    private mutating func fail(_ error: JSONValue, in chunk: JSONValue) {
        expect(stage == .start || stage == .open, .error)
        expect(chunk.object?.members.count == 1 && error["message"]?.string != nil, .error)
        stage = .failed
    }

    private mutating func checkHead(_ chunk: JSONValue) {
        let told = [chunk["id"], chunk["created"], chunk["model"]]
        if head == nil { hasUsage = chunk["usage"] != nil }
        head = head ?? told
        expect(head == told && chunk["id"]?.string?.isEmpty == false, .identity)
        expect(chunk["object"] == "chat.completion.chunk", .identity)
    }

    private mutating func checkUsage(_ chunk: JSONValue) {
        expect(hasUsage && stage == .finished, .usage)
        expect(chunk["choices"] == [], .identity)
        let usage = chunk["usage"]
        let total = usage?["total_tokens"]?.integer
        let prompt = usage?["prompt_tokens"]?.integer ?? 0
        let completion = usage?["completion_tokens"]?.integer ?? 0
        expect(total == prompt + completion, .usage)
        stage = .counted
    }
}
