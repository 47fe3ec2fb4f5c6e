/// What the application wants of the model.
public struct DeveloperContent: Hashable, Sendable {
    /// What people call the system prompt.
    public var instructions: String?

    /// The tools of the application, by key; written in the byte order of the keys.
    ///
    /// The model is told where to send calls only if there are functions under the key
    /// `functions` (<doc:Format>).
    public var tools: [String: ToolNamespace]

    /// The formats in which the model may be asked to answer, in order.
    ///
    /// The reference has no such field; its documentation describes the section that this
    /// renders. It only influences the model: a format that must hold needs a grammar too.
    public var responseFormats: [ResponseFormat]

    /// Creates what an application wants from its parts.
    public init(
        instructions: String? = nil,
        tools: [String: ToolNamespace] = [:],
        responseFormats: [ResponseFormat] = []
    ) {
        self.instructions = instructions
        self.tools = tools
        self.responseFormats = responseFormats
    }
}
