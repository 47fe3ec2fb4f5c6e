import Harmony

/// A call of a built-in tool, as the model addressed it.
struct BuiltInCall: Hashable, Sendable {
    /// What is called.
    let function: BuiltInFunction
    /// On which channel.
    let channel: Channel
    /// Where code runs; empty for other calls.
    var containerID = ""

    /// A call with a header's channel; models know two for it.
    init(_ function: BuiltInFunction, on channel: Channel?, containerID: String = "") {
        self.function = function
        self.channel = channel == .commentary ? .commentary : .analysis
        self.containerID = containerID
    }
}
