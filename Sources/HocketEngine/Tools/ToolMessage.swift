public import HocketWire

/// A message of the Model Context Protocol between this router and a tool server, as a tap is told
/// of it.
///
/// It has no room for a header, and secrets that a server was given are masked in its text.
public struct ToolMessage: Hashable, Sendable {
    /// Which way a message went.
    public enum Direction: UInt8, Hashable, Sendable {
        /// From the tool server to the router.
        case fromServer = 0
        /// From the router to the tool server.
        case toServer = 1
    }

    /// What a message is (JSON-RPC 2.0).
    public enum Kind: String, Hashable, Sendable {
        /// It wants an answer.
        case request
        /// It wants none.
        case notification
        /// It answers a request that was carried out.
        case result
        /// It answers a request that was not.
        case error
    }

    /// Which way it went.
    public var direction: Direction
    /// The server's label, or its URL without what may be secret.
    public var server: String
    /// The number of the conversation in this process.
    public var session: UInt32
    /// What it is.
    public var kind: Kind
    /// What is asked or told; for an answer, what was asked.
    public var method: String?
    /// The JSON-RPC id that joins requests, answers and reports of progress.
    public var id: String?
    /// The tool that is called.
    public var tool: String?
    /// The client's request on whose behalf a tool is called, as in SUBMIT; nil for everything
    /// that many requests share, such as lists.
    public var requestID: RequestID?
    /// The code of an error.
    public var errorCode: Int?
    /// The whole message as JSON; what arrived is shortened as it was on arrival.
    public var text: [UInt8]

    /// Creates a message.
    public init(
        direction: Direction,
        server: String,
        session: UInt32,
        kind: Kind,
        method: String? = nil,
        id: String? = nil,
        tool: String? = nil,
        requestID: RequestID? = nil,
        errorCode: Int? = nil,
        text: [UInt8]
    ) {
        self.direction = direction
        self.server = server
        self.session = session
        self.kind = kind
        self.method = method
        self.id = id
        self.tool = tool
        self.requestID = requestID
        self.errorCode = errorCode
        self.text = text
    }
}
