import NIOCore
import NIOSSL

/// What all HTTP connections to servers have in common.
struct HTTPOptions: Sendable {
    /// Where connections live.
    var group: any EventLoopGroup
    /// Which certificates are trusted; nil for those that the system trusts.
    var tls: TLSConfiguration?
    /// How this client introduces itself.
    var userAgent: String
    /// How much servers may send.
    var arrival = ArrivalLimits()
    /// How long connecting to one address may take.
    var connectLimit = Duration.seconds(5)
    /// How long a connection without a call is kept.
    var idleConnectionLimit = Duration.seconds(30)
    /// How many connections one session has at most; more calls wait, each for its own limit.
    var connectionsMax = 16
    /// How long the end of a stream is awaited after its answer, so that its connection can be
    /// used again.
    var streamEndLimit = Duration.milliseconds(100)
    /// How often one broken stream is resumed.
    var resumptionsMax = 5
    /// How long to wait before resuming if the server does not say.
    var resumptionDelay = Duration.milliseconds(500)
    /// How long a server may have a client wait before it resumes.
    var resumptionDelayMax = Duration.seconds(60)
    /// How long ending a session may take.
    var farewellLimit = Duration.seconds(2)
}
