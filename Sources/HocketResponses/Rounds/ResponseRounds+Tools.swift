import HocketEngine
import NIOCore
import OpenAIAPI

/// What is asked of tool servers.
extension ResponseRounds {
    private typealias Listing = Result<[MCPListToolsItem.Tool], ToolError>

    /// Asks all servers whose tools are not known, at the same time, and tells of each in order.
    ///
    /// A server that cannot be asked costs its own tools only.
    mutating func list() async throws(EngineError) {
        let servers = plan.offer.unlisted
        let listings = try await whileWanted { [self] in
            var listings: [String: [MCPListToolsItem.Tool]] = [:]
            await inOrder(servers.count) { index in
                await listing(of: servers[index])
            } begin: { index in
                let label = servers[index].serverLabel
                await session.tell { $0.listingStarted(label) }
            } end: { index, listing in
                if case .success(let tools) = listing {
                    listings[servers[index].serverLabel] = tools
                }
                await session.tell { $0.listingFinished(listing) }
            }
            return listings
        }
        catalog = ToolCatalog(
            plan.prompts.request,
            listings: plan.offer.listings.merging(listings) { _, new in new }
        )
    }

    private func listing(of server: MCPTool) async -> Listing {
        guard let toolCaller = plan.toolCaller, let place = plan.offer[server.serverLabel] else {
            return .failure(.notServed)
        }
        let span = spans.listing(of: server.serverLabel)
        do throws(ToolError) {
            let tools = try await toolCaller.tools(of: place, trace: span.trace)
            span.listed(tools.count)
            return .success(
                tools.map(MCPListToolsItem.Tool.init)
                    .filter { server.allowedTools?.matches($0) ?? true }
            )
        } catch {
            span.failed(error)
            return .failure(error)
        }
    }

    /// Makes the first of the held calls at the same time, and tells of each in order; those beyond
    /// the limit fail.
    func call(atMost callsMax: Int, within timeLimit: Duration) async throws(EngineError) {
        let calls = await session.onLoop { $0.heldCalls }
        try await whileWanted {
            await inOrder(calls.count) { index in
                guard index < callsMax else { return .failure(MCPCallError(beyond: callsMax)) }
                return await result(of: calls[index], within: timeLimit)
            } end: { _, result in
                await session.tell { $0.callFinished(result) }
            }
        }
    }

    private func result(
        of call: ResponseEventMachine.HeldCall,
        within timeLimit: Duration
    ) async -> ResponseEventMachine.CallResult {
        if case .mcp(let tool) = call.route, catalog.recipient(of: call.route) == nil {
            return .failure(MCPCallError(unknown: tool))
        }
        guard let toolCaller = plan.toolCaller, let asked = serverCall(of: call) else {
            return .failure(MCPCallError(.notServed))
        }
        var toolCall = ToolCall(
            name: asked.tool,
            arguments: Array(asked.arguments.utf8),
            timeLimit: timeLimit,
            requestID: plan.prompts.envelope.id
        )
        let span = spans.call(toolCall, at: asked.label)
        toolCall.trace = span.trace
        do throws(ToolError) {
            let result = try await toolCaller.call(toolCall, at: asked.server) { _ in }
            span.answered(result)
            return ResponseEventMachine.CallResult(result)
        } catch {
            span.failed(error)
            return .failure(MCPCallError(error))
        }
    }

    private func serverCall(of call: ResponseEventMachine.HeldCall) -> ServerCall? {
        switch call.route {
        case .mcp(let tool): plan.offer.call(tool, call.text)
        case .builtIn(let function): plan.builtInTools.call(function, call.text)
        case .function, .custom: nil
        }
    }

    /// Does something that nobody wants any more when the client is gone, the time is over or the
    /// task is cancelled; it is then cancelled and awaited.
    private func whileWanted<Value: Sendable>(
        _ body: @escaping @Sendable () async -> Value
    ) async throws(EngineError) -> Value {
        let departure = await session.onLoop { $0.departure() }
        let value = await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                for await _ in departure {}
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
        if let value, !Task.isCancelled { return value }
        throw await session.onLoop { $0.isOverdue } ? .deadlinePassed : .cancelledByCaller
    }
}

extension ToolError {
    /// Nothing here calls tools.
    fileprivate static let notServed = ToolError(
        code: .unknownServer,
        message: "tool servers are not called here"
    )
}

extension ResponseEventMachine {
    /// A server has been asked for its tools.
    fileprivate mutating func listingFinished(
        _ listing: Result<[MCPListToolsItem.Tool], ToolError>
    ) {
        switch listing {
        case .success(let tools): listingFinished(tools)
        case .failure(let error): listingFailed(error.itemMessage)
        }
    }
}

extension NIOLoopBound<ResponseSession> {
    /// Tells the machine a fact, unless nobody wants to hear it any more: what was being done is
    /// then closed with the response.
    fileprivate func tell(
        _ fact: @escaping @Sendable (inout ResponseEventMachine) -> Void
    ) async {
        guard !Task.isCancelled else { return }
        await onLoop { $0.tell(fact) }
    }
}
