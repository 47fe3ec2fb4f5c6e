extension HarmonyRenderer {
    /// Appends a whole message (<doc:Format>).
    func render(
        _ message: Message,
        hasFunctionTools: Bool,
        into output: inout TokenOutput
    ) throws(HarmonyError) {
        output.append(.start)
        try renderHeader(of: message, into: &output)
        output.append(.message)
        for content in message.content {
            try render(content, by: message.role, hasFunctionTools, into: &output)
        }
        output.append(terminator(of: message))
    }

    private func renderHeader(
        of message: Message,
        into output: inout TokenOutput
    ) throws(HarmonyError) {
        try renderAuthor(of: message, into: &output)
        switch options.layout {
        case .reference:
            render(message.recipient, into: &output)
            render(message.channel, into: &output)
            render(message.contentType, into: &output)
        case .modelNative where message.role == .assistant:
            render(message.channel, into: &output)
            render(message.nativeRecipient, into: &output)
            render(message.contentType?.native, into: &output)
        case .modelNative:
            render(message.nativeRecipient, into: &output)
            render(message.nativeChannel, into: &output)
            render(message.contentType?.native, into: &output)
        }
    }

    private func renderAuthor(
        of message: Message,
        into output: inout TokenOutput
    ) throws(HarmonyError) {
        switch (message.role, message.name) {
        case (.tool, let name?): output.append(name)
        case (.tool, nil): throw .toolWithoutName
        case (let role, let name):
            output.append(role.rawValue)
            if let name { output.append(":" + name) }
        }
    }

    private func render(_ recipient: Recipient?, into output: inout TokenOutput) {
        guard let recipient, recipient != .all else { return }
        output.append(" to=" + recipient.rawValue)
    }

    private func render(_ channel: Channel?, into output: inout TokenOutput) {
        guard let channel else { return }
        output.append(.channel)
        output.append(channel.rawValue)
    }

    private func render(_ contentType: ContentType?, into output: inout TokenOutput) {
        guard let contentType else { return }
        guard contentType.isConstrained else { return output.append(" " + contentType.rawValue) }
        output.append(" ")
        output.append(.constrain)
        output.append(String(contentType.name))
    }

    private func render(
        _ content: Content,
        by role: Role,
        _ hasFunctionTools: Bool,
        into output: inout TokenOutput
    ) throws(HarmonyError) {
        switch content {
        case .text(let text):
            output.append(text)
        case .system(let content):
            guard role == .system else { throw .misplaced("SystemContent", "system", role) }
            output.append(content.text(hasFunctionTools: hasFunctionTools))
        case .developer(let content):
            guard role == .developer else {
                throw .misplaced("DeveloperContent", "developer", role)
            }
            output.append(content.text)
        }
    }

    private func terminator(of message: Message) -> SpecialToken {
        guard message.role == .assistant, let recipient = message.recipient else { return .end }
        switch options.layout {
        case .modelNative: return recipient.isTool ? .call : .end
        case .reference: return .call
        }
    }
}

extension HarmonyError {
    /// The reference's words for it, so that both can be compared.
    fileprivate static let toolWithoutName = HarmonyError(
        code: .invalidConversation,
        message: "Tools should have a name!"
    )

    /// The reference's words for a content in a message of a role that it is not for.
    fileprivate static func misplaced(
        _ content: String,
        _ allowed: String,
        _ role: Role
    ) -> HarmonyError {
        let name = role.rawValue.prefix(1).uppercased() + role.rawValue.dropFirst()
        return HarmonyError(
            code: .invalidConversation,
            message: "\(content) may only appear in \(allowed) messages, found in \(name)"
        )
    }
}
