public import Harmony

extension ToolCatalog {
    /// The prefix under which models call functions.
    static let prefix = "functions."

    /// Where a message to `recipient` goes, nil if no tool of the catalog is meant.
    ///
    /// Models leave the prefix out, or write it twice (vllm-project/vllm#42454 and #32587); some
    /// write it before built-in tools, which have none.
    public func route(recipient: Recipient) -> Route? {
        let name = Self.name(of: recipient)
        return entries.first { Self.name(of: $0.recipient) == name }?.route
    }

    /// Whom the model calls to call a tool, nil if it is not in the catalog.
    public func recipient(of route: Route) -> Recipient? {
        entries.first { $0.route == route }?.recipient
    }

    /// The tools of which the model must call one; none where no call is demanded, or where it was
    /// made.
    ///
    /// - Parameter items: What the response holds so far.
    public func demanded(by request: ResponsesRequest, after items: [ResponseItem]) -> [Entry] {
        let rules = ToolRules(request, catalog: self)
        guard rules.unmetDemand(in: items) != nil else { return [] }
        return entries.filter { rules.fault(ofCall: $0.route, after: items) == nil }
    }

    /// A recipient without its prefix.
    static func name(of recipient: Recipient) -> Substring {
        var name = recipient.rawValue[...]
        while name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
        return name
    }
}
