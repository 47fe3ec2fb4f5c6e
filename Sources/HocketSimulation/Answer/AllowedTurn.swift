import Harmony
import HocketWire
import HocketWorker

/// What a structural tag allows a turn to be, as far as this simulation reads it: the forms in
/// which a Harmony turn is spelled out, reasoning, preambles, calls and the answer.
struct AllowedTurn {
    /// A call that is allowed.
    struct Call: Equatable {
        /// The tool, as it is called, without `functions.`.
        var tool: String
        /// What its arguments must fit.
        var schema: JSONValue
    }

    /// What the answer must be.
    enum Answer: Equatable {
        /// Any text.
        case text
        /// JSON that fits a schema.
        case json(JSONValue)
    }

    /// The calls that are allowed, in the order of the tag.
    private(set) var calls: [Call] = []
    /// What the answer must be; nil if the turn must call something instead.
    private(set) var answer: Answer?
    /// Whether the turn may say on commentary what it is about to do.
    private(set) var allowsPreamble = false

    /// Reads the tag of a constraint.
    ///
    /// - Returns: nil for a constraint of another kind.
    /// - Throws: ``WorkerError`` for a tag that has a part of another form, which this simulation
    ///   could only ignore.
    init?(_ constraint: Constraint?) throws(WorkerError) {
        guard case .structuralTag(let text)? = constraint?.kind else { return nil }
        guard constraint?.start == .firstToken else {
            throw Self.unserved("a structural tag that begins with the final channel")
        }
        let tag: JSONValue
        do throws(JSONError) {
            tag = try JSONValue(parsing: text)
        } catch {
            throw WorkerError(.invalidArgument, "the structural tag is no JSON: \(error)")
        }
        try read(tag["format"] ?? .null)
    }

    private mutating func read(_ format: JSONValue) throws(WorkerError) {
        switch format["type"]?.string {
        case "or", "sequence": try read(each: format["elements"])
        case "tags_with_separator": try read(each: format["tags"])
        case "const_string": break
        case "tag": try read(tag: format)
        case let type: throw Self.unserved("the format \(type ?? "without a type")")
        }
    }

    private mutating func read(each formats: JSONValue?) throws(WorkerError) {
        for format in formats?.array ?? [] { try read(format) }
    }

    private mutating func read(tag: JSONValue) throws(WorkerError) {
        let begin = tag["begin"]?.string ?? ""
        let content = tag["content"] ?? .null
        switch begin {
        case "<|channel|>analysis<|message|>": break
        case "<|channel|>commentary<|message|>": allowsPreamble = true
        case "<|channel|>final<|message|>":
            answer = content["json_schema"].map(Answer.json) ?? .text
        default:
            guard let tool = Self.tool(in: begin) else { throw Self.unserved("the tag \(begin)") }
            let anyText: JSONValue? = content["type"] == "any_text" ? [:] : nil
            guard let schema = content["json_schema"] ?? anyText else {
                throw Self.unserved("such a content of the tag \(begin)")
            }
            calls.append(Call(tool: tool, schema: schema))
        }
    }

    /// The tool that a message with this header calls; nil if it is no call.
    private static func tool(in begin: String) -> String? {
        let match = begin.wholeMatch(of: call)?.output.1 ?? begin.wholeMatch(of: builtIn)?.output.1
        return match.map { String($0) }
    }

    private static var call: Regex<(Substring, Substring)> {
        /<\|channel\|>commentary to=functions\.(\S+) <\|constrain\|>json<\|message\|>/
    }

    private static var builtIn: Regex<(Substring, Substring)> {
        /<\|channel\|>analysis to=(\S+) code<\|message\|>/
    }

    private static func unserved(_ what: String) -> WorkerError {
        WorkerError(.unimplemented, "the simulation has no engine for \(what)")
    }
}

extension AllowedTurn {
    /// The call that a turn makes, if it makes one; a call ends the turn, so there is no second.
    ///
    /// - Parameters:
    ///   - wished: the tools that the text asks for.
    ///   - declared: all tools of the prompt.
    /// - Returns: the tool, with the parameters that its arguments must fit: the tag's, unless
    ///   these are any object and the prompt says more.
    func call(_ wished: [DeclaredTool], of declared: [DeclaredTool]) -> DeclaredTool? {
        let wish = wished.lazy.compactMap { tool in calls.first { $0.tool == tool.calledName } }
            .first
        guard let call = wish ?? (answer == nil ? calls.first : nil) else { return nil }
        let known = declared.first { $0.calledName == call.tool }
        let isAnyObject = call.schema == ["type": "object"]
        var tool = known ?? DeclaredTool(name: call.tool, description: "")
        tool.parameters = isAnyObject ? known?.parameters ?? call.schema : call.schema
        return tool
    }
}
