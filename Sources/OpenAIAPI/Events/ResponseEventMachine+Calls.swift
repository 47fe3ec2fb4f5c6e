/// Calls that this server makes for the model, and the lists of tools it makes them from.
extension ResponseEventMachine {
    /// A call that this server makes, which is whole and has not been made.
    public struct HeldCall: Hashable, Sendable {
        /// The tool.
        public let route: ToolCatalog.Route
        /// What the model wrote for it: arguments, or code.
        public let text: String
        /// The place of the call in the output.
        let outputIndex: Int
    }

    /// What came of a call.
    public enum CallResult: Hashable, Sendable {
        /// The tool answered this.
        case output(String)
        /// It failed, or could not be called.
        case failure(MCPCallError)
    }

    // MARK: Lists of tools

    /// A server is asked for its tools.
    public mutating func listingStarted(_ serverLabel: String) {
        precondition(openListing == nil && openItem == nil, "items open one after the other")
        let item = MCPListToolsItem(
            id: identifiers.next(.mcpListTools),
            serverLabel: serverLabel,
            tools: []
        )
        openListing = item
        format.writeAdded(.mcpListTools(item), at: outputIndex, to: &events)
        writeStep(.listing, of: item.id, at: outputIndex)
    }

    /// It told its tools.
    public mutating func listingFinished(_ tools: [MCPListToolsItem.Tool]) {
        guard var item = openListing else { preconditionFailure("a listing is finished once") }
        item.tools = tools
        close(item, .listed)
    }

    /// It could not be asked.
    ///
    /// - Parameter message: Why, for the caller.
    public mutating func listingFailed(_ message: String) {
        guard var item = openListing else { preconditionFailure("a listing is finished once") }
        item.error = message
        close(item, .listingFailed)
    }

    /// From now on the model is shown these tools.
    public mutating func toolsOffered(_ catalog: ToolCatalog) {
        tools.catalog = catalog
    }

    private mutating func close(_ item: MCPListToolsItem, _ step: ItemStep) {
        openListing = nil
        writeStep(step, of: item.id, at: outputIndex)
        format.writeDone(.mcpListTools(item), at: outputIndex, to: &events)
        snapshot.output.append(.mcpListTools(item))
    }

    // MARK: Calls

    /// The calls that have to be made, in the order in which the model asked for them.
    public var heldCalls: [HeldCall] {
        heldIndexes.compactMap { snapshot.output[$0].heldCall(at: $0) }
    }

    /// The caller has allowed a call, which is held from now on like one that needs no leave.
    public mutating func callAllowed(_ request: MCPApprovalRequestItem) {
        let tool = MCPToolName(request.name, at: request.serverLabel)
        beginItem(.mcpCall(tool, approvalRequestID: request.id))
        text = Array(request.arguments.utf8)
        if flow == .streaming, let item = openItem { writeWholeText(request.arguments, of: item) }
        endItem(as: .completed)
    }

    /// A held call has been made; calls are finished in their order.
    public mutating func callFinished(_ result: CallResult) {
        precondition(!heldIndexes.isEmpty, "a call is held before it is finished")
        finishCall(at: heldIndexes.removeFirst(), with: result)
    }

    /// Closes what this server was doing when the response ended.
    mutating func endOwnItems() {
        if openListing != nil { listingFailed("The response ended before the server answered.") }
        while !heldIndexes.isEmpty {
            finishCall(at: heldIndexes.removeFirst(), with: nil)
        }
    }

    /// - Parameter result: What came of the call; nil if it was cut short.
    private mutating func finishCall(at index: Int, with result: CallResult?) {
        let call = snapshot.output[index].finished(with: result, showing: include)
        guard let kind = call.hostedCallKind else { return }
        snapshot.output[index] = call
        let step = call.status == .completed ? ItemStep.called(kind) : .callFailed(kind)
        writeStep(step, of: call.id, at: index)
        format.writeDone(call, at: index, to: &events)
        tellUntold()
    }

    /// Writes a step of an item made here, which has an id.
    private mutating func writeStep(_ step: ItemStep, of itemID: String?, at index: Int) {
        format.writeStep(step, of: itemID ?? "", at: index, to: &events)
    }
}
