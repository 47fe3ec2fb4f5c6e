import ArgumentParser
import Harmony

/// `hocket harmony render`: conversations to tokens.
struct RenderCommand: LineCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Turn conversations into the tokens that a model reads.",
        discussion: """
            {"op": …, "input_json": …} is answered with 'tokens'. 'input_json' is the text of a \
            conversation in the JSON form of openai-harmony. 'op' says what is made of it:

            conversation: its messages (the default).
            completion: the same, and the beginning of the message of 'next_role' [assistant].
            training: the same, but the model's last answer ends with <|return|>.
            message: 'input_json' is a single message; 'conversation_has_function_tools' says \
            whether there are functions in its conversation [false].

            'auto_drop_analysis' leaves out old reasoning as openai-harmony does it [false].
            """
    )

    /// How headers are laid out.
    enum Layout: String, CaseIterable, ExpressibleByArgument {
        case reference
        case native
    }

    /// What is rendered.
    private enum Operation: String {
        case conversation
        case completion
        case training
        case message
    }

    @Option(help: "As openai-harmony writes headers (reference) or as models do (native).")
    var layout = Layout.reference

    func answer(_ request: LineRequest) throws(LineError) -> JSONObject {
        let renderer = HarmonyRenderer(options: try options(of: request))
        let tokens =
            switch try operation(of: request) {
            case .conversation: try conversation(request, renderer)
            case .completion: try completion(request, renderer)
            case .training: try training(request, renderer)
            case .message: try message(request, renderer)
            }
        return ["tokens": JSONValue(tokens)]
    }

    private func conversation(
        _ request: LineRequest,
        _ renderer: HarmonyRenderer
    ) throws(LineError) -> [TokenID] {
        let conversation = try input(of: request)
        return try LineError.reporting(as: .runtime) { () throws(HarmonyError) in
            try renderer.render(conversation)
        }
    }

    private func completion(
        _ request: LineRequest,
        _ renderer: HarmonyRenderer
    ) throws(LineError) -> [TokenID] {
        let role = try request.role("next_role") ?? .assistant
        let conversation = try input(of: request)
        return try LineError.reporting(as: .harmony) { () throws(HarmonyError) in
            try renderer.renderForCompletion(conversation, role: role)
        }
    }

    private func training(
        _ request: LineRequest,
        _ renderer: HarmonyRenderer
    ) throws(LineError) -> [TokenID] {
        let conversation = try input(of: request)
        return try LineError.reporting(as: .runtime) { () throws(HarmonyError) in
            try renderer.renderForTraining(conversation)
        }
    }

    private func message(
        _ request: LineRequest,
        _ renderer: HarmonyRenderer
    ) throws(LineError) -> [TokenID] {
        let hasFunctionTools = try request.bool("conversation_has_function_tools") ?? false
        let json = try request.embedded("input_json")
        let message = try LineError.reporting(as: .value, prefix: "invalid message JSON: ") {
            () throws(HarmonyError) in
            try Message(json: json)
        }
        return try LineError.reporting(as: .runtime) { () throws(HarmonyError) in
            try renderer.render(message, conversationHasFunctionTools: hasFunctionTools)
        }
    }

    private func input(of request: LineRequest) throws(LineError) -> Conversation {
        let json = try request.embedded("input_json")
        return try LineError.reporting(as: .value, prefix: "invalid conversation JSON: ") {
            () throws(HarmonyError) in
            try Conversation(json: json)
        }
    }

    private func operation(of request: LineRequest) throws(LineError) -> Operation {
        guard let name = try request.text("op") else { return .conversation }
        guard let operation = Operation(rawValue: name) else {
            throw LineError(.value, "unknown op: \(name)")
        }
        return operation
    }

    private func options(of request: LineRequest) throws(LineError) -> RenderingOptions {
        let drops = try request.bool("auto_drop_analysis") ?? false
        return RenderingOptions(
            layout: layout == .native ? .modelNative : .reference,
            analysisDrop: drops ? .reference : .keepAll
        )
    }
}
