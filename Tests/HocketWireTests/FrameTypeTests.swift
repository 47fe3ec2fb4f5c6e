import HocketWire
import Testing

/// The table in `Protos/PROTOCOL.md`, "Frames": who may send what where.
@Suite struct FrameTypeTests {
    @Test func routersAndWorkersSendTheirOwn() {
        let ofRouter = FrameType.allCases.filter { !$0.maySend(.worker) }
        let ofWorker = FrameType.allCases.filter { !$0.maySend(.router) }
        #expect(ofRouter == [.helloAck, .submit, .cancel])
        #expect(ofWorker == [.accept, .step, .finish, .status, .event])
    }

    @Test func queriesAndRepliesMeetOnTheAskersStreams() {
        #expect(FrameType.query.belongs(on: .firstOfRouter, from: .router))
        #expect(!FrameType.query.belongs(on: .firstOfRouter, from: .worker))
        #expect(FrameType.query.belongs(on: .firstOfWorker, from: .worker))
        #expect(FrameType.reply.belongs(on: .firstOfRouter, from: .worker))
        #expect(FrameType.reply.belongs(on: .firstOfWorker, from: .router))
        #expect(!FrameType.reply.belongs(on: .firstOfWorker, from: .worker))
    }

    @Test func creditIsOfTokensOneWayAndOfBytesTheOther() {
        #expect(FrameType.credit.belongs(on: .firstOfRouter, from: .router))
        #expect(!FrameType.credit.belongs(on: .connection, from: .router))
        #expect(FrameType.credit.belongs(on: .connection, from: .worker))
        #expect(!FrameType.credit.belongs(on: .firstOfRouter, from: .worker))
    }
}
