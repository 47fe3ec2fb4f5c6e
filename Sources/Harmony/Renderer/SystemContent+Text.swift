extension SystemContent {
    /// What the model reads of this (<doc:Format>): sections with an empty line between them.
    func text(hasFunctionTools: Bool) -> String {
        let sections = [
            identitySection,
            reasoningEffort.map { "Reasoning: \($0.rawValue)" },
            tools.section,
            channelConfig?.section(hasFunctionTools: hasFunctionTools),
        ]
        return sections.compactMap(\.self).joined(separator: "\n\n")
    }

    private var identitySection: String? {
        let lines = [
            modelIdentity,
            knowledgeCutoff.map { "Knowledge cutoff: \($0)" },
            conversationStartDate.map { "Current date: \($0)" },
        ].compactMap(\.self)
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}

extension ChannelConfig {
    fileprivate func section(hasFunctionTools: Bool) -> String? {
        guard !validChannels.isEmpty else { return nil }
        let channels = validChannels.map(\.rawValue).joined(separator: ", ")
        var text = "# Valid channels: \(channels)."
        if isChannelRequired { text += " Channel must be included for every message." }
        if hasFunctionTools {
            text += "\nCalls to these tools must go to the commentary channel: 'functions'."
        }
        return text
    }
}
