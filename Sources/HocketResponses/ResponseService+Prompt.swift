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
    /// - Throws: ``APIError`` as ``prepare(_:for:in:watching:)`` does, but for a prompt that does
    ///   not fit.
    public func inputTokens(_ body: ByteBuffer) async throws -> ByteBuffer {
        let asked = try CheckedRequest(
            body: body,
            api: .responses(.openAI),
            serving: servedBuiltIns
        )
        _ = try model(named: asked.request.model)
        let conversation = try await conversation(of: asked)
        let offer = try ToolOffer(conversation.asked.request, in: conversation.items)
        let tools = ToolCatalog(conversation.asked.request, listings: offer.listings)
        let prompt = try conversation.prompt(of: conversation.items, showing: tools)
        return InputTokens(count: prompt.count).json
    }

    /// Everything said so far, with the input whose references are replaced.
    ///
    /// - Parameter remembered: the responses that the request continues, where they are known.
    func conversation(
        of asked: CheckedRequest,
        after remembered: [StoredResponse]? = nil
    ) async throws -> PromptedConversation {
        let previous = try await chain(before: asked.request, remembered)
        let history = try await history(of: asked.request, after: previous)
        let parameter = asked.request.inputParameter
        let input = try await resolved(asked.request.input, parameter: parameter)
        // Kept and listed is what the caller sent, shown to the model is what it means.
        let said = try opened(history, from: asked.request.historyParameter)
        return PromptedConversation(
            asked: asked.resolved(history: history, input: input),
            previous: previous,
            items: try said + opened(input, from: parameter),
            currentDate: now.utcDate
        )
    }
}

extension ResponseService {
    /// Items with encrypted reasoning in clear.
    ///
    /// - Parameter parameter: what the items came by, for errors.
    /// - Throws: ``APIError`` with status 400 that names the item that cannot be verified.
    private func opened(
        _ items: [ResponseItem],
        from parameter: String
    ) throws(APIError) -> [ResponseItem] {
        var opened: [ResponseItem] = []
        opened.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            opened.append(try item.opened(with: reasoningSeal, at: "\(parameter)[\(index)]"))
        }
        return opened
    }
}

extension ResponsesRequest {
    /// The parameter that names what the request goes on with.
    fileprivate var historyParameter: String {
        conversationID == nil ? "previous_response_id" : "conversation"
    }
}

/// A request and everything said before it, as it is rendered for a model.
struct PromptedConversation: Sendable {
    /// The request, whose input holds no references.
    let asked: CheckedRequest
    /// The responses that it continues, the first of them first.
    let previous: [StoredResponse]
    /// Everything said so far, the oldest first.
    let items: [ResponseItem]
    private let currentDate: String

    init(
        asked: CheckedRequest,
        previous: [StoredResponse],
        items: [ResponseItem],
        currentDate: String
    ) {
        self.asked = asked
        self.previous = previous
        self.items = items
        self.currentDate = currentDate
    }

    private var request: ResponsesRequest { asked.request }

    /// The prompt, without the oldest items where the request allows that and not all fit.
    ///
    /// - Parameters:
    ///   - tools: the tools that the model is shown.
    ///   - said: the items of the response so far.
    ///   - note: what the model is told before it goes on.
    /// - Throws: ``APIError`` with status 400 that states the numbers when it does not fit.
    func prompt(
        showing tools: ToolCatalog,
        after said: [ResponseItem],
        note: RoundNote?,
        fitting contextTokensMax: Int
    ) throws(APIError) -> [TokenID] {
        let prompt = try prompt(of: items + said, showing: tools, note: note)
        if prompt.count < contextTokensMax { return prompt }
        if request.truncation == .auto {
            let truncated = try truncated(items + said, to: contextTokensMax) {
                items throws(APIError) in
                try self.prompt(of: items, showing: tools, note: note)
            }
            if let truncated { return truncated }
        }
        throw .contextLengthExceeded(
            request.inputParameter,
            promptTokens: prompt.count,
            contextTokensMax: contextTokensMax
        )
    }

    /// The prompt of some of the items.
    func prompt(
        of items: [ResponseItem],
        showing tools: ToolCatalog,
        note: RoundNote? = nil
    ) throws(APIError) -> [TokenID] {
        let options = PromptOptions(currentDate: currentDate)
        let builder = ConversationBuilder(request: request, tools: tools, options: options)
        let conversation = try builder.conversation(of: items, note: note?.text)
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
    private func truncated(
        _ items: [ResponseItem],
        to contextTokensMax: Int,
        _ rendered: ([ResponseItem]) throws(APIError) -> [TokenID]
    ) throws(APIError) -> [TokenID]? {
        let window = ConversationWindow(items)
        var best: [TokenID]?
        var drops = 1..<window.dropsMax + 1
        while !drops.isEmpty {
            let middle = drops.lowerBound + drops.count / 2
            let prompt = try rendered(window.items(dropping: middle))
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
