import HocketEngine

/// What all conversations with servers have in common.
struct SessionOptions: Sendable {
    /// How this client introduces itself.
    var identity: ClientMachine.Identity
    /// How long a server may take to say whether it knows the newest revision.
    var probeLimit: Duration
    /// How long a call may take, from its start.
    var callLimit: Duration
    /// How long listing a server's tools may take, from its start.
    var listLimit: Duration
    /// How long telling a server that nobody waits any longer may take.
    var farewellLimit: Duration
    /// How long a list of tools is fresh if the server does not say.
    var listFreshness: Duration
    /// Shortens what tools answer.
    var cap: OutputCap
    /// Measures all limits.
    var time: Timekeeper
}
