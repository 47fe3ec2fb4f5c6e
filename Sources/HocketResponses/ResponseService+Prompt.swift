import Harmony
import HocketEngine
public import NIOCore
import OpenAIAPI

/// What a request is to a model.
extension ResponseService {
    /// How many tokens the prompt of a request would be.
    ///
    /// - Parameter body: the JSON of a request for a response.
    /// - Returns: the count as JSON.
    /// - Throws: ``APIError`` as ``prepare(_:for:requestID:)`` does, but for a prompt that does not
    ///   fit.
    public func inputTokens(_ body: ByteBuffer) async throws -> ByteBuffer {
        let asked = try CheckedRequest(body: body, api: .responses(.openAI))
        _ = try model(named: asked.request.model)
        let conversation = try await conversation(of: asked)
        let prompt = try conversation.prompt(of: conversation.items)
        return InputTokens(count: prompt.count).json
    }

    /// Everything said so far, with the input whose references are replaced.
    func conversation(of asked: CheckedRequest) async throws -> PromptedConversation {
        let history = try await history(of: asked.request)
        let parameter = asked.request.inputParameter
        let input = try await resolved(asked.request.input, parameter: parameter)
        return PromptedConversation(
            asked: asked.replacingInput(with: input),
            items: history + input,
            currentDate: now.utcDate
        )
    }
}

/// A request and everything said before it, as it is rendered for a model.
struct PromptedConversation {
    /// The request, whose input holds no references.
    let asked: CheckedRequest
    let tools: ToolCatalog
    /// Everything said so far, the oldest first.
    let items: [ResponseItem]
    private let currentDate: String

    init(asked: CheckedRequest, items: [ResponseItem], currentDate: String) {
        self.asked = asked
        self.items = items
        self.currentDate = currentDate
        tools = ToolCatalog(asked.request)
    }

    private var request: ResponsesRequest { asked.request }

    /// The prompt, without the oldest items where the request allows that and not all fit.
    ///
    /// - Throws: ``APIError`` with status 400 that states the numbers when it does not fit.
    func prompt(fitting contextTokensMax: Int) throws(APIError) -> [TokenID] {
        let prompt = try prompt(of: items)
        if prompt.count < contextTokensMax { return prompt }
        if request.truncation == .auto, let prompt = try truncated(to: contextTokensMax) {
            return prompt
        }
        throw .contextLengthExceeded(
            request.inputParameter,
            promptTokens: prompt.count,
            contextTokensMax: contextTokensMax
        )
    }

    /// The prompt of some of the items.
    func prompt(of items: [ResponseItem]) throws(APIError) -> [TokenID] {
        let options = PromptOptions(currentDate: currentDate)
        let builder = ConversationBuilder(request: request, tools: tools, options: options)
        let conversation = try builder.conversation(of: items)
        do throws(HarmonyError) {
            return try HarmonyRenderer().renderForCompletion(conversation)
        } catch {
            throw .invalidValue(request.inputParameter, error.message)
        }
    }

    /// The longest prompt that fits, nil if none does.
    ///
    /// Halves the range of how much to drop: a long conversation is rendered a few times, not once
    /// for each of its items.
    private func truncated(to contextTokensMax: Int) throws(APIError) -> [TokenID]? {
        let window = ConversationWindow(items)
        var best: [TokenID]?
        var drops = 1..<window.dropsMax + 1
        while !drops.isEmpty {
            let middle = drops.lowerBound + drops.count / 2
            let prompt = try prompt(of: window.items(dropping: middle))
            if prompt.count < contextTokensMax {
                best = prompt
                drops = drops.lowerBound..<middle
            } else {
                drops = middle + 1..<drops.upperBound
            }
        }
        return best
    }
}
