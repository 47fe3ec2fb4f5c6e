extension HeaderReader {
    /// Reads the role, and the name that comes with it.
    mutating func readRole() -> HarmonyHeader {
        if let givenRole {
            readRepeatedRole(givenRole)
            return HarmonyHeader(role: givenRole)
        }
        guard let first = words.first else {
            report(.missingRole, at: 0)
            return HarmonyHeader(role: .assistant)
        }
        if let role = Role(rawValue: first.text) {
            words.removeFirst()
            // A tool that does not say which one it is, as the reference implementation names it.
            return HarmonyHeader(role: role, name: role == .tool ? first.text : nil)
        }
        return readSpeltOutRole(first)
    }

    /// The prompt ended with the role and the model says it again, once or more.
    private mutating func readRepeatedRole(_ role: Role) {
        guard let first = words.first, let rest = rest(of: first.text, after: role) else { return }
        guard rest.isEmpty || takeGluedChannel(rest) else { return }
        words.removeFirst()
        if first.text != role.rawValue {
            report(.unknownRole, at: first.offset, detail: first.text)
        }
    }

    /// A first word that is no role: the name of a tool, or a role that needs repair.
    private mutating func readSpeltOutRole(_ first: HeaderWord) -> HarmonyHeader {
        if let role = readGluedRole(first) { return HarmonyHeader(role: role) }
        if channel == nil, Channel.trained.contains(Channel(rawValue: first.text)) {
            report(.missingRole, at: first.offset)
            return HarmonyHeader(role: .assistant)
        }
        if words.count > 1 || contentType != nil {
            words.removeFirst()
            return HarmonyHeader(role: .tool, name: first.text)
        }
        if first.recipient != nil {
            report(.missingRole, at: first.offset)
            return HarmonyHeader(role: .assistant)
        }
        words.removeFirst()
        report(.unknownRole, at: first.offset, detail: first.text)
        return header(ofUnknownRole: first)
    }

    /// `assistantassistant`, or `assistantfinal` where a marker is missing (vllm#43408).
    private mutating func readGluedRole(_ first: HeaderWord) -> Role? {
        for role in Role.allCases {
            guard let rest = rest(of: first.text, after: role) else { continue }
            guard rest.isEmpty || takeGluedChannel(rest) else { continue }
            words.removeFirst()
            report(.unknownRole, at: first.offset, detail: first.text)
            return role
        }
        return nil
    }

    /// What follows one or more repetitions of a role, nil if there is not one.
    private func rest(of word: String, after role: Role) -> Substring? {
        guard var rest = word.removing(prefix: role.rawValue) else { return nil }
        while let next = rest.removing(prefix: role.rawValue) { rest = next }
        return rest
    }

    private mutating func takeGluedChannel(_ name: Substring) -> Bool {
        let glued = Channel(rawValue: String(name))
        guard channel == nil, Channel.trained.contains(glued) else { return false }
        channel = glued.rawValue
        return true
    }

    /// A lone word in the place of the role.
    private func header(ofUnknownRole word: HeaderWord) -> HarmonyHeader {
        for role in Role.allCases {
            guard let name = word.text.removing(prefix: role.rawValue + ":") else { continue }
            return HarmonyHeader(role: role, name: name.isEmpty ? nil : String(name))
        }
        // A tool's result without `to=assistant`, as older documentation showed it (harmony#62).
        if word.isToolName || tools.contains(word.text) {
            return HarmonyHeader(role: .tool, name: word.text)
        }
        return HarmonyHeader(role: .assistant)
    }

    /// A channel's name without `<|channel|>` before it.
    mutating func readChannelWithoutMarker() {
        guard channel == nil, let first = words.first else { return }
        guard Channel.trained.contains(Channel(rawValue: first.text)) else { return }
        channel = first.text
        words.removeFirst()
        report(.missingChannel, at: first.offset, detail: first.text)
    }
}
