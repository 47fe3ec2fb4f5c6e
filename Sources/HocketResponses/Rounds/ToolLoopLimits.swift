/// How much may be done for the model in one response.
///
/// When one of these limits is reached, the model is told so and asked once more, for an answer
/// with what it has; what it calls then is not called.
public struct ToolLoopLimits: Hashable, Sendable {
    /// How often the model may be asked, the last time included; at least 2, since what it calls
    /// the first time is for its answer the second time.
    public var roundsMax: Int
    /// How many calls are made, whatever more the request allows (`max_tool_calls`).
    public var callsMax: Int
    /// How long calls may take together with everything else, from the response's start.
    ///
    /// A call that is under way then is ended. Sampling is limited by its tokens, not by this.
    public var timeMax: Duration

    /// Creates limits.
    public init(
        roundsMax: Int = 32,
        callsMax: Int = 128,
        timeMax: Duration = .seconds(600)
    ) {
        precondition(roundsMax >= 2, "a model that calls a tool is asked twice")
        self.roundsMax = roundsMax
        self.callsMax = callsMax
        self.timeMax = timeMax
    }
}
