import NIOCore

/// The end of a response that no client waits for: its events go into a log.
///
/// What a slow client is to other responses, a slow store is to this one.
final class LogOutput: EventOutput {
    private let log: ResponseLog
    private var observer: (any EventOutputObserver)?

    init(_ log: ResponseLog) {
        self.log = log
    }

    var isWritable: Bool { log.hasRoom }

    func prepare(_ events: inout ByteBuffer) {
        events.clear()
    }

    func send(_ events: inout ByteBuffer) {
        log.add(events)
        events.clear()
    }

    func observe(with observer: (any EventOutputObserver)?) {
        self.observer = observer
    }

    func logHasRoom() {
        observer?.clientBecameWritable()
    }
}
