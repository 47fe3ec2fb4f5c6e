public import NIOCore

/// What the HTTP front takes from its clients: sizes and numbers of things, and how long it waits.
///
/// Whoever goes beyond is told so with the limit in numbers; after that its connection is closed
/// where what follows could not be told from what was refused.
public struct HTTPLimits: Hashable, Sendable {
    /// The longest request body in bytes; more is answered 413.
    public var bodyBytesMax = 16 * 1024 * 1024
    /// The most bytes of all requests' bodies that were not looked at yet; requests that would
    /// bring more are answered 503.
    public var bodiesBytesMax = 256 * 1024 * 1024
    /// The longest target of a request, its path and query, in bytes; more is answered 414.
    public var targetBytesMax = 8 * 1024
    /// The longest head of a request in bytes, target and header fields together; more is
    /// answered 431.
    public var headBytesMax = 64 * 1024
    /// The most header fields of a request; more are answered 431.
    public var headerFieldsMax = 128
    /// The most connections at a time; requests on those beyond are answered 503.
    public var connectionsMax = 8192
    /// The most requests with a body that are answered at a time; those beyond are answered 429.
    public var requestsMax = 4096
    /// The most requests on one connection that wait for their answers; the connection is closed
    /// after the answer to the last of them, and what came behind it is not looked at.
    public var pipelinedRequestsMax = 128
    /// How long a head may take from its first byte to its last; then it is answered 408.
    public var headTimeout = TimeAmount.seconds(30)
    /// The longest silence in the middle of a body; then the request is answered 408.
    public var bodyTimeout = TimeAmount.seconds(30)
    /// The fewest bytes a second of a body, counted after its first ``bodyTimeout``; a request that
    /// is slower is answered 408.
    ///
    /// Otherwise one byte in time, again and again, would be a body that never ends.
    public var bodyRateMin = 4096
    /// How long a connection is kept that nothing is asked on.
    ///
    /// Longer than the 60 seconds that proxies in front wait as a rule, so that none of them sends
    /// a request on a connection that is being closed.
    public var idleTimeout = TimeAmount.seconds(120)
    /// How long a client may take nothing of what waits for it; then it is cut off.
    public var slowClientTimeout = TimeAmount.seconds(60)
    /// How long the client of a stream waits for its answer's head while every worker is full.
    ///
    /// So long whatever becomes of the request has a status of its own; after that its stream
    /// begins, is kept alive, and tells of it.
    public var headDelayMax = TimeAmount.seconds(10)
    /// How long a WebSocket is served; a response that is being made then is still told to its end.
    public var webSocketLifetime = TimeAmount.hours(1)
    /// The most messages of a WebSocket that wait for their turn; more are refused.
    public var waitingMessagesMax = 8
    /// How long what a client still sends is thrown away after its last answer, before the
    /// connection is closed: closed at once, it would be reset, and with it the answer be lost.
    public var lingerTimeout = TimeAmount.seconds(5)

    /// Creates the limits that hold unless others are set.
    public init() {}
}
