public import NIOCore
public import OpenAIAPI

/// The client's end of one streamed response; lives on one event loop and is used only there.
public protocol EventOutput: AnyObject {
    /// Whether the client takes bytes as fast as they come.
    var isWritable: Bool { get }

    /// Makes room in an empty buffer for whatever the transport puts in front of events.
    func prepare(_ events: inout ByteBuffer)

    /// Sends a prepared buffer's events in one write, and leaves it empty and prepared.
    func send(_ events: inout ByteBuffer)

    /// Says who is told of the client's doings; nil when the response is over.
    func observe(with observer: (any EventOutputObserver)?)
}

extension EventOutput {
    /// Begins a stream that has nothing to tell yet: it is kept alive from its first byte on.
    func sendComment() {
        var buffer = ByteBuffer()
        prepare(&buffer)
        buffer.writeStaticString(": waiting\n\n")
        send(&buffer)
    }

    /// Sends an error that no response tells of.
    public func send(_ error: APIError) {
        var buffer = ByteBuffer()
        prepare(&buffer)
        buffer.writeImmutableBuffer(error.event)
        send(&buffer)
    }
}

/// Is told what the client at the other end does.
public protocol EventOutputObserver: AnyObject {
    /// The client took what was waiting.
    func clientBecameWritable()
    /// The client is gone: nothing sent from now on arrives.
    func clientLeft()
}
