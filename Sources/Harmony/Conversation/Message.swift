/// One message: a header that says who speaks to whom, and the content.
///
/// Between `<|start|>` and `<|message|>` Harmony writes the header, then the content, then one of
/// the tokens that end a message. How the parts of a header are ordered is the renderer's choice
/// (``RenderingOptions/layout``).
public struct Message: Hashable, Sendable {
    /// Who speaks.
    public var role: Role

    /// Which speaker of that role it is.
    ///
    /// A tool must have a name, which is then written in place of the role:
    /// `functions.get_weather`.
    public var name: String?

    /// Whom the message is for; nil when it is for whoever reads the conversation.
    public var recipient: Recipient?

    /// Which of the speaker's channels this is.
    public var channel: Channel?

    /// The type of the content; nil for plain text.
    public var contentType: ContentType?

    /// The parts of the content; each is tokenized by itself, and nothing stands between them.
    public var content: [Content]

    /// Creates a message from its parts.
    public init(
        role: Role,
        name: String? = nil,
        recipient: Recipient? = nil,
        channel: Channel? = nil,
        contentType: ContentType? = nil,
        content: [Content]
    ) {
        self.role = role
        self.name = name
        self.recipient = recipient
        self.channel = channel
        self.contentType = contentType
        self.content = content
    }

    /// Creates a message whose content is one text.
    public init(
        role: Role,
        name: String? = nil,
        recipient: Recipient? = nil,
        channel: Channel? = nil,
        contentType: ContentType? = nil,
        content: String
    ) {
        self.init(
            role: role,
            name: name,
            recipient: recipient,
            channel: channel,
            contentType: contentType,
            content: [.text(content)]
        )
    }
}
