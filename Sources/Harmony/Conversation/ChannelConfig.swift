/// The channels that a model is told to use.
public struct ChannelConfig: Hashable, Sendable {
    /// The channels, in the order in which the model is told of them.
    public var validChannels: [Channel]

    /// Whether the model is told that every message must name its channel.
    public var isChannelRequired: Bool

    /// Creates a list of channels.
    public init(validChannels: [Channel], isChannelRequired: Bool) {
        self.validChannels = validChannels
        self.isChannelRequired = isChannelRequired
    }

    /// What the models were trained with: analysis, commentary and final, one always required.
    public static let standard = ChannelConfig(
        validChannels: [.analysis, .commentary, .final],
        isChannelRequired: true
    )
}
