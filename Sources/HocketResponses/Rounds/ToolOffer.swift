import HocketEngine
import OpenAIAPI

/// The servers of a request: what is known of their tools, what has to be asked, and which calls
/// the caller has allowed.
struct ToolOffer: Sendable {
    /// The tools of servers by label, as far as earlier items tell them.
    let listings: [String: [MCPListToolsItem.Tool]]
    /// The servers that have to be asked.
    let unlisted: [MCPTool]
    /// Calls that the caller has allowed and nobody has made.
    let allowedCalls: [MCPApprovalRequestItem]
    private let servers: [String: ToolServer]

    /// - Parameter items: Everything said so far, the request's input included.
    /// - Throws: ``APIError`` that names an answer to a question that nobody asked.
    init(_ request: ResponsesRequest, in items: [ResponseItem]) throws(APIError) {
        let listings = Self.listings(in: items, for: request)
        self.listings = listings
        unlisted = request.servers.filter { server in
            request.toolChoice.allowsTools(of: server.serverLabel)
                && listings[server.serverLabel] == nil
        }
        servers = Dictionary(
            uniqueKeysWithValues: request.servers.map { ($0.serverLabel, ToolServer($0)) }
        )
        allowedCalls = try Self.allowedCalls(of: request, in: items)
    }

    /// The server of a label.
    subscript(label: String) -> ToolServer? { servers[label] }

    /// The last list of each server that tells all that the request wants to know.
    ///
    /// A list holds only what was allowed when it was made, so one that lacks a tool which the
    /// request allows by name is made anew. Others that lack something are not among the items any
    /// more: see ``StoredResponse/output(goingOnWith:)``.
    private static func listings(
        in items: [ResponseItem],
        for request: ResponsesRequest
    ) -> [String: [MCPListToolsItem.Tool]] {
        var listings: [String: [MCPListToolsItem.Tool]] = [:]
        for case .mcpListTools(let item) in items where item.error == nil {
            listings[item.serverLabel] = item.tools
        }
        for server in request.servers {
            guard let names = server.allowedTools?.names else { continue }
            let known = Set(listings[server.serverLabel]?.map(\.name) ?? [])
            if !known.isSuperset(of: names) { listings[server.serverLabel] = nil }
        }
        return listings
    }

    /// The calls that the request's own answers allow.
    ///
    /// Earlier answers were heard in their time: a question that was denied, or whose call was
    /// made, is closed. One that was allowed and whose call was not made, because the response
    /// failed before, may be answered again.
    private static func allowedCalls(
        of request: ResponsesRequest,
        in items: [ResponseItem]
    ) throws(APIError) -> [MCPApprovalRequestItem] {
        let history = items.dropLast(request.input.count)
        var questions = ApprovalQuestions(asking: items)
        for case .mcpCall(let call) in history { questions.callMade(call) }
        for case .mcpApprovalResponse(let answer) in history where !answer.approves {
            questions.close(answer.approvalRequestID)
        }
        let made = Set(request.input.compactMap(\.approvalRequestID))
        var calls: [MCPApprovalRequestItem] = []
        for (index, item) in request.input.enumerated() {
            guard case .mcpApprovalResponse(let answer) = item else { continue }
            guard let call = questions.close(answer.approvalRequestID) else {
                throw .unknownApproval(answer.approvalRequestID, at: "input[\(index)]")
            }
            // A history that comes as input holds the answer and what became of it.
            guard answer.approves, !made.contains(call.id) else { continue }
            guard request.servers.contains(where: { $0.serverLabel == call.serverLabel }) else {
                throw .invalidValue(
                    "tools",
                    "the server '\(call.serverLabel)' of the allowed call is not among them."
                )
            }
            calls.append(call)
        }
        return calls
    }
}

/// The questions of a conversation that are still to be answered.
private struct ApprovalQuestions {
    private var open: [String: MCPApprovalRequestItem] = [:]

    init(asking items: [ResponseItem]) {
        for case .mcpApprovalRequest(let item) in items { open[item.id] = item }
    }

    /// A call that some question may have been about was made.
    mutating func callMade(_ call: MCPCallItem) {
        if let id = call.approvalRequestID { close(id) }
    }

    /// A question is answered for good.
    ///
    /// - Returns: The question; nil if it is not open.
    @discardableResult
    mutating func close(_ id: String) -> MCPApprovalRequestItem? { open.removeValue(forKey: id) }
}

extension ResponseItem {
    /// The question whose answer allowed this call.
    fileprivate var approvalRequestID: String? {
        if case .mcpCall(let call) = self { call.approvalRequestID } else { nil }
    }
}

extension APIError {
    fileprivate static func unknownApproval(_ id: String, at path: String) -> APIError {
        .invalidValue(
            "\(path).approval_request_id",
            "'\(id)' is no question of this conversation that is still to be answered."
        )
    }
}

extension ToolServer {
    /// The server that a caller declared, with its credentials.
    fileprivate init(_ tool: MCPTool) {
        let location: Location =
            switch tool.location {
            case .url(let url): .url(url)
            case .configured(let name): .configured(label: name)
            }
        self.init(
            location: location,
            headers: tool.headers.map { Header(name: $0.name, value: $0.value.value) },
            authorization: tool.authorization?.value
        )
    }
}
