public import NIOCore

/// One page of a list of items, as `GET /v1/responses/{id}/input_items` answers.
public struct ItemPage: Hashable, Sendable {
    /// The items, in the order that was asked for.
    public let items: [ResponseItem]
    /// Whether there are items behind these.
    public let hasMore: Bool

    /// Takes a page out of all items.
    ///
    /// - Parameters:
    ///   - selection: Which page.
    ///   - items: All items, the oldest first.
    /// - Throws: ``APIError`` with status 400 if the page shall begin after an item that is not
    ///   in the list.
    public init(_ selection: Selection, of items: [ResponseItem]) throws(APIError) {
        let ordered = selection.order == .ascending ? items : items.reversed()
        var rest = ordered[...]
        if let after = selection.after {
            guard let index = ordered.firstIndex(where: { $0.id == after }) else {
                throw .invalidValue("after", "there is no item with id '\(after)'.")
            }
            rest = ordered[(index + 1)...]
        }
        self.items = Array(rest.prefix(selection.itemsMax))
        hasMore = rest.count > selection.itemsMax
    }

    /// The page as JSON.
    public var json: ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("object", "list")
            json.member("data") { json in
                json.array(of: items) { item, json in item.write(to: &json) }
            }
            json.member("first_id", items.first?.id)
            json.member("last_id", items.last?.id)
            json.member("has_more", hasMore)
        }
        return json.buffer
    }
}
