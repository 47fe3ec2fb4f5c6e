import Foundation
import Harmony
import Testing

/// One case of `Cases/render.jsonl`: what `openai-harmony` 0.0.8 rendered, or its error.
struct RenderCase {
    enum Operation: String {
        case conversation, completion, training, message
    }

    let id: String
    let operation: Operation
    let input: String
    let nextRole: String
    let dropsAnalysis: Bool
    let hasFunctionTools: Bool
    let tokens: [TokenID]
    let error: (type: String, message: String)?

    static func all() throws -> [RenderCase] {
        let file = try #require(
            Bundle.module.url(forResource: "render", withExtension: "jsonl", subdirectory: "Cases")
        )
        let text = try String(contentsOf: file, encoding: .utf8)
        return try text.split(separator: "\n").map { try RenderCase(line: String($0)) }
    }

    private init(line: String) throws {
        let fields = try JSONValue(parsing: line)
        id = try #require(fields["id"]?.string)
        operation = try #require((fields["op"]?.string).flatMap(Operation.init(rawValue:)))
        input = try #require(fields["input_json"]?.string)
        nextRole = fields["next_role"]?.string ?? "assistant"
        dropsAnalysis = fields["auto_drop_analysis"]?.bool ?? false
        hasFunctionTools = fields["conversation_has_function_tools"]?.bool ?? false
        tokens = try (fields["tokens"]?.array ?? []).map { TokenID(try #require($0.integer)) }
        error = try fields["error"].map { error in
            let type = try #require(error["type"]?.string)
            return (type, try #require(error["message"]?.string))
        }
    }

    /// What this library makes of the case in the reference's layout.
    func render() throws -> [TokenID] {
        let options = RenderingOptions(
            layout: .reference,
            analysisDrop: dropsAnalysis ? .reference : .keepAll
        )
        let renderer = HarmonyRenderer(options: options)
        let json = try JSONValue(parsing: input)
        switch operation {
        case .message:
            return try renderer.render(
                Message(json: json),
                conversationHasFunctionTools: hasFunctionTools
            )
        case .conversation: return try renderer.render(Conversation(json: json))
        case .training: return try renderer.renderForTraining(Conversation(json: json))
        case .completion:
            guard let role = Role(rawValue: nextRole) else { throw UnknownRole() }
            return try renderer.renderForCompletion(Conversation(json: json), role: role)
        }
    }

    struct UnknownRole: Error {}
}
