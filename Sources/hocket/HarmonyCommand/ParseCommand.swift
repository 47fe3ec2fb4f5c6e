import ArgumentParser
import Harmony

/// `hocket harmony parse`: tokens to messages.
struct ParseCommand: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse",
        abstract: "Turn the tokens that a model wrote into messages.",
        discussion: """
            {"tokens": [id, …]} is answered with:

            messages: the finished ones; 'end' is how each ended: end, return, call or eof.
            deltas: the text that each token completed, or null; one more if the end of the \
            stream completed some. All of them together are the contents.
            final_state: E before a message, H in a header, C in a content.
            diagnostics: what was repaired, with 'kind', 'position' of the token and 'detail'.

            'role' is whose message the prompt began [assistant], null if the tokens begin with \
            <|start|>. 'eos' says whether the stream is over after the tokens [true]. 'tools' \
            lists the names of the functions that the model was offered.
            """
    )

    @Flag(help: "Refuse what is not Harmony instead of repairing it.")
    var strict = false

    func answer(_ request: LineRequest) throws(LineError) -> JSONObject {
        let tools = Set(try request.texts("tools") ?? [])
        let role = request.has("role") ? try request.role("role") : .assistant
        let tokens = try request.tokens("tokens")
        let isEnded = try request.bool("eos") ?? true
        return try LineError.reporting(as: .harmony) { () throws(HarmonyError) in
            strict
                ? try record(
                    tokens,
                    isEnded: isEnded,
                    with: StrictHarmonyParser(startingAs: role, declaredTools: tools)
                )
                : try record(
                    tokens,
                    isEnded: isEnded,
                    with: HarmonyParser(startingAs: role, declaredTools: tools)
                )
        }
    }

    private func record(
        _ tokens: [TokenID],
        isEnded: Bool,
        with parser: some TokenStreamParser
    ) throws(HarmonyError) -> JSONObject {
        var parser = parser
        var record = ParseRecord()
        for token in tokens {
            try parser.consume(token, into: &record)
            record.tokenConsumed()
        }
        if isEnded {
            try parser.finish(into: &record)
            record.streamEnded()
        }
        return record.json(state: parser.state)
    }
}

/// What the two parsers have in common.
private protocol TokenStreamParser {
    var state: HarmonyParser.State { get }
    mutating func consume(
        _ token: TokenID,
        into receiver: inout some HarmonyEventReceiver
    ) throws(HarmonyError)
    mutating func finish(into receiver: inout some HarmonyEventReceiver) throws(HarmonyError)
}

extension HarmonyParser: TokenStreamParser {}
extension StrictHarmonyParser: TokenStreamParser {}
