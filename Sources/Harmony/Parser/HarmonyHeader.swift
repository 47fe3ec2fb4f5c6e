/// What stands between `<|start|>` and `<|message|>`: who speaks, where, and to whom.
public struct HarmonyHeader: Hashable, Sendable {
    /// Who wrote the message.
    public var role: Role
    /// The author's name; for a tool's result the tool, as in `functions.get_weather`.
    public var name: String?
    /// The channel as it was written, nil if the header named none.
    ///
    /// Any word is possible: models do write `finalx` or `commentary?`. ``kind`` says how to take
    /// it.
    public var channel: Channel?
    /// Whom the message is for, without `to=`.
    public var recipient: Recipient?
    /// The type of the content, with its marker if it had one.
    public var contentType: ContentType?

    /// Creates a header from its fields.
    public init(
        role: Role,
        name: String? = nil,
        channel: Channel? = nil,
        recipient: Recipient? = nil,
        contentType: ContentType? = nil
    ) {
        self.role = role
        self.name = name
        self.channel = channel
        self.recipient = recipient
        self.contentType = contentType
    }
}
