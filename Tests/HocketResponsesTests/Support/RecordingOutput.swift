import HocketResponses
import NIOCore
import Synchronization

/// A client that keeps what it is sent, and reads or leaves as a test says.
final class RecordingOutput: EventOutput, Sendable {
    private struct State {
        var sends: [String] = []
        var isWritable = true
        var sendsUntilFull: Int?
    }

    private struct Observer {
        weak var value: (any EventOutputObserver)?
        var clientHasLeft = false
    }

    let eventLoop: any EventLoop
    private let state = Mutex(State())
    private let observer: NIOLoopBoundBox<Observer>

    /// - Parameter sendsUntilFull: how many sends it takes before it stops reading.
    init(on eventLoop: any EventLoop, sendsUntilFull: Int? = nil) {
        self.eventLoop = eventLoop
        observer = .makeBoxSendingValue(Observer(), eventLoop: eventLoop)
        state.withLock { $0.sendsUntilFull = sendsUntilFull }
    }

    /// What was sent, one string for each send that had something to send.
    var sends: [String] { state.withLock { $0.sends } }

    var text: String { sends.joined() }

    // MARK: What the response asks

    var isWritable: Bool { state.withLock { $0.isWritable } }

    func prepare(_ events: inout ByteBuffer) {
        eventLoop.preconditionInEventLoop()
        precondition(events.readableBytes == 0, "only an empty buffer is prepared")
    }

    func send(_ events: inout ByteBuffer) {
        eventLoop.preconditionInEventLoop()
        defer { events.clear() }
        guard events.readableBytes > 0 else { return }
        state.withLock { state in
            state.sends.append(String(buffer: events))
            if state.sends.count == state.sendsUntilFull { state.isWritable = false }
        }
    }

    func observe(with observer: (any EventOutputObserver)?) {
        self.observer.value.value = observer
        if self.observer.value.clientHasLeft { observer?.clientLeft() }
    }

    // MARK: What a test makes it do

    /// Reads everything, from now on.
    func readOn() {
        eventLoop.execute {
            self.state.withLock { state in
                state.isWritable = true
                state.sendsUntilFull = nil
            }
            self.observer.value.value?.clientBecameWritable()
        }
    }

    /// Leaves; on the event loop only.
    func leave() {
        eventLoop.preconditionInEventLoop()
        observer.value.clientHasLeft = true
        observer.value.value?.clientLeft()
    }

    /// Whether somebody wants to be told what it does.
    func isObserved() async throws -> Bool {
        try await eventLoop.submit { self.observer.value.value != nil }.get()
    }
}
