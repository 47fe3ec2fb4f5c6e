import Testing

@testable import HocketHTTP

struct MessageTurnsTests {
    private var turns = MessageTurns<Int>(waitingMax: 2)

    @Test mutating func messagesAreAnsweredOneAfterTheOther() {
        #expect(turns.messageAnswered().text == "wait")
        #expect(turns.messageArrived(1).text == "answer 1")
        #expect(turns.messageArrived(2).text == "wait")
        #expect(turns.messageArrived(3).text == "wait")
        #expect(turns.messageAnswered().text == "answer 2")
        #expect(turns.messageAnswered().text == "answer 3")
        #expect(turns.messageAnswered().text == "wait")
        #expect(turns.messageArrived(4).text == "answer 4")
    }

    @Test mutating func messagesBeforeTheFirstIsAskedForWait() {
        #expect(turns.messageArrived(1).text == "wait")
        #expect(turns.messageAnswered().text == "answer 1")
    }

    @Test mutating func moreThanMayWaitAreRefused() {
        _ = turns.messageAnswered()
        for number in 1...3 { _ = turns.messageArrived(number) }
        #expect(turns.messageArrived(4).text == "refuse 1: tooMany")
        #expect(turns.messageAnswered().text == "answer 2")
        #expect(turns.messageArrived(5).text == "wait")
    }

    @Test mutating func idleSocketIsClosedAtTheEndOfItsLife() {
        _ = turns.messageAnswered()
        #expect(turns.lifetimeEnded().text == "close lifetimeOver(unanswered: 0)")
        #expect(turns.messageArrived(1).text == "wait")
        #expect(turns.messageAnswered().text == "stop")
    }

    @Test mutating func responseIsToldToItsEndThoughTheSocketIsOldEnough() {
        _ = turns.messageAnswered()
        for number in 1...3 { _ = turns.messageArrived(number) }
        #expect(turns.lifetimeEnded().text == "wait")
        #expect(turns.messageAnswered().text == "close lifetimeOver(unanswered: 2)")
        #expect(turns.messageAnswered().text == "stop")
    }

    @Test mutating func idleSocketIsClosedWhenTheProcessEnds() {
        _ = turns.messageAnswered()
        #expect(turns.shutdownBegan().text == "close shutDown")
    }

    @Test mutating func onlyWhatIsBeingAnsweredStillIsWhenTheProcessEnds() {
        _ = turns.messageAnswered()
        for number in 1...3 { _ = turns.messageArrived(number) }
        #expect(turns.shutdownBegan().text == "refuse 2: shutDown")
        #expect(turns.messageArrived(4).text == "refuse 1: shutDown")
        #expect(turns.messageAnswered().text == "close shutDown")
    }

    @Test mutating func nothingIsAnsweredOnceTheSocketIsClosed() {
        _ = turns.messageAnswered()
        for number in 1...2 { _ = turns.messageArrived(number) }
        turns.socketClosed()
        #expect(turns.messageArrived(3).text == "wait")
        #expect(turns.lifetimeEnded().text == "wait")
        #expect(turns.shutdownBegan().text == "wait")
        #expect(turns.messageAnswered().text == "stop")
    }
}

extension MessageTurns<Int>.Action {
    fileprivate var text: String {
        switch self {
        case .wait: "wait"
        case .answer(let message): "answer \(message)"
        case .refuse(let reason, let count): "refuse \(count): \(reason)"
        case .close(let end): "close \(end)"
        case .stop: "stop"
        }
    }
}
