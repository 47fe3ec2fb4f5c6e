import Harmony
import HocketWire
import HocketWorker

/// Answers prompts the way a gpt-oss model would, without one.
///
/// It knows what a worker knows: the prompt's token ids and the constraint. It reads the ids as
/// Harmony and goes by these rules, the first that fits:
///
/// 1. A line of the script that matches the last message gives the answer.
/// 2. Tools that the user's text asks for are called, all at once (``ToolWish``). Each is called
///    once at most until the user speaks again, so no conversation of calls goes on for ever. Under
///    a structural tag there is one call in a turn, of a tool that the tag allows; where the tag
///    allows no answer it is made whatever the text says.
/// 3. What is left is an answer in the form that is asked for: by the constraint, by the
///    prompt's response format, or else as text. It repeats the results of calls, tells a long
///    story when the text has these words, and quotes the user otherwise.
///
/// Code for a built-in notebook is what stands between backticks in the user's text.
///
/// Before all this it thinks, longer with more effort. When the prompt has the word "preamble" it
/// says on commentary what it is about to do. The same prompt, constraint and seed always give
/// the same answer.
struct SimulatedModel {
    let script: AnswerScript
    private let tokenizer = Tokenizer()
    private let renderer = HarmonyRenderer(options: RenderingOptions(analysisDrop: .keepAll))

    init(script: AnswerScript) {
        self.script = script
    }

    /// What continues a prompt.
    ///
    /// - Throws: ``WorkerError`` if the constraint is of a kind that is not served.
    func answer(to generation: Generation) throws(WorkerError) -> PlannedAnswer {
        let prompt = SimulatedPrompt(generation.prompt)
        if let scripted = script.answer(to: prompt.lastText) {
            return PlannedAnswer(prescribed: scripted)
        }
        let turn = try AllowedTurn(generation.constraint)
        let form = try AnswerForm(generation.constraint, turn, prompt)
        let speech = AnswerText(prompt, seed: generation.sampling.seed ?? 0)
        var messages = [message(.analysis, speech.analysis)]
        if let preamble = speech.preamble, turn?.allowsPreamble ?? true {
            messages.append(message(.commentary, preamble))
        }
        let calls = tools(turn, prompt).map { call($0, prompt) }
        let said = calls.isEmpty ? [message(.final, form.answer(speech))] : calls
        return PlannedAnswer(
            tokens(of: messages + said, end: calls.isEmpty ? .return : .call),
            answerIsFree: form.isFree
        )
    }

    /// The tools to call.
    private func tools(_ turn: AllowedTurn?, _ prompt: SimulatedPrompt) -> [DeclaredTool] {
        let wished = ToolWish(prompt).tools
        guard let turn else { return wished }
        return turn.call(wished, of: prompt.tools).map { [$0] } ?? []
    }

    private func message(_ channel: Channel, _ text: String) -> Message {
        Message(role: .assistant, channel: channel, content: text)
    }

    /// A call, on the channel and with the type that models use for its kind.
    private func call(_ tool: DeclaredTool, _ prompt: SimulatedPrompt) -> Message {
        let isFunction = tool.namespace == .functions
        return Message(
            role: .assistant,
            recipient: tool.recipient,
            channel: isFunction ? .commentary : .analysis,
            contentType: isFunction ? .json : .code,
            content: tool.namespace == .python ? Self.code(prompt) : arguments(tool, prompt)
        )
    }

    private func arguments(_ tool: DeclaredTool, _ prompt: SimulatedPrompt) -> String {
        var maker = ValueMaker(tool.parameters ?? ["type": "object"], of: Material(prompt.request))
        return maker.value().compact
    }

    private static func code(_ prompt: SimulatedPrompt) -> String {
        let span = prompt.request.firstMatch(of: /`([^`]+)`/)
        return span.map { String($0.output.1) } ?? "print(1 + 1)"
    }

    /// The messages as a model writes them: without the opening that ends the prompt, and with a
    /// stop token only at the very end.
    private func tokens(of messages: [Message], end: SpecialToken) -> [TokenID] {
        let opening = [SpecialToken.start.rawValue] + tokenizer.encode(Role.assistant.rawValue)
        let stops: Set = [SpecialToken.call.rawValue, SpecialToken.return.rawValue]
        let tokens = rendered(Conversation(messages: messages)).dropFirst(opening.count).dropLast()
        return tokens.map { stops.contains($0) ? SpecialToken.end.rawValue : $0 } + [end.rawValue]
    }

    private func rendered(_ conversation: Conversation) -> [TokenID] {
        do throws(HarmonyError) {
            return try renderer.render(conversation)
        } catch {
            preconditionFailure("messages of an assistant can be rendered: \(error)")
        }
    }
}
