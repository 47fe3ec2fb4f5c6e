extension Message {
    /// The recipient in the layout of models: a tool speaks to the model (openai/harmony#62), and
    /// the empty name is nobody.
    var nativeRecipient: Recipient? {
        switch recipient {
        case nil: role == .tool ? .assistant : nil
        case "": nil
        default: recipient
        }
    }

    /// The channel in the layout of models: a tool speaks on commentary, where functions are
    /// called.
    var nativeChannel: Channel? {
        channel ?? (role == .tool ? .commentary : nil)
    }
}

extension ContentType {
    /// The type in the layout of models, nil if there is nothing to write.
    ///
    /// They write `<|constrain|>json`, without a space behind the marker, and plain `code` for
    /// their built-in tools.
    var native: ContentType? {
        if self == .code { return self }
        let name = name.drop { $0 == " " }
        return name.isEmpty ? nil : ContentType(rawValue: Self.marker + name)
    }
}
