import HocketTesting
import HocketWire
import Testing

@testable import HocketWorker

/// What the router asked for waits in order, and the bell rings for it.
@Suite struct EngineMailboxTests {
    @Test func requestsComeOutInOrderAndOnce() {
        let mailbox = EngineMailbox()
        mailbox.submitted(.example, on: 1)
        mailbox.submitted(.example, on: 3)
        #expect(mailbox.takeAll().map(\.stream) == [1, 3])
        mailbox.cancelled(3)
        mailbox.submitted(.example, on: 5)
        mailbox.cancelled(1)
        #expect(mailbox.takeAll().map(\.stream) == [3, 5, 1])
        #expect(mailbox.takeAll().isEmpty)
    }

    @Test func streamsThatCameAndWentWhileTheEngineWasBusyLeaveNothingBehind() {
        let mailbox = EngineMailbox()
        mailbox.submitted(.example, on: 1)
        #expect(mailbox.takeAll().count == 1)
        for id in stride(from: 3, to: 20_001, by: 2) as StrideTo<UInt32> {
            guard let stream = StreamID(rawValue: id) else { continue }
            mailbox.submitted(.example, on: stream)
            mailbox.cancelled(stream)
        }
        mailbox.cancelled(1)
        #expect(mailbox.takeAll().map(\.stream) == [1])
    }

    @Test(.timeLimit(.minutes(1)))
    func bellRingsForWhatCameBeforeAnybodyListened() async {
        let mailbox = EngineMailbox()
        mailbox.submitted(.example, on: 1)
        mailbox.submitted(.example, on: 3)
        for await _ in mailbox.bell { break }
        #expect(mailbox.takeAll().count == 2)
    }
}

extension EngineMailbox.Request {
    fileprivate var stream: StreamID {
        switch self {
        case .start(let stream, _), .cancel(let stream): stream
        }
    }
}
