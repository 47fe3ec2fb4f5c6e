import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// What the router asks a worker, and what it says when it is asked.
@Suite struct QueryTests {
    private let router: EmbeddedRouter

    init() throws {
        var hello = Hello.worker()
        hello.capabilities = .query
        router = try EmbeddedRouter(hello: hello)
    }

    private func ask() -> Answer {
        let answer = Answer()
        let promise = router.channel.embeddedEventLoop.makePromise(of: Reply.self)
        let bound = NIOLoopBound(answer, eventLoop: router.channel.embeddedEventLoop)
        promise.futureResult.whenComplete { bound.value.result = $0 }
        router.handler.ask(Query(method: "describe"), promise)
        return answer
    }

    @Test func questionAndAnswerTravelOnAStreamOfTheirOwn() throws {
        let answer = ask()
        let asked = try router.heard()
        #expect(asked.map(\.message) == [.query(Query(method: "describe"))])
        #expect(asked.map(\.stream) == [1])
        _ = router.submit()
        #expect(try router.heard().map(\.stream) == [3])
        let reply = Reply(result: Array("{}".utf8))
        try router.say(.reply(reply), on: 1)
        #expect(answer.reply == reply)
    }

    @Test func streamErrorIsAnAnswerToo() throws {
        let answer = ask()
        try router.say(.streamError(Status(.unimplemented, "no")), on: 1)
        #expect(answer.reply?.status.code == .unimplemented)
    }

    @Test func whoWaitsTooLongIsToldAndALateAnswerIsDropped() throws {
        let answer = ask()
        router.pass(.seconds(4))
        #expect(answer.result == nil)
        router.pass(.seconds(1))
        #expect(answer.error?.code == .deadlineExceeded)
        _ = try router.heard()
        try router.say(.reply(Reply()), on: 1)
        let types = try router.heardTypes()
        #expect(!types.contains(.connectionError))
    }

    @Test func workerThatLeavesAnswersNothing() throws {
        let answer = ask()
        _ = try router.channel.finish()
        #expect(answer.error?.code == .workerLost)
    }

    @Test func moreQuestionsThanAFewAreNotAsked() throws {
        let answers = (0..<17).map { _ in ask() }
        #expect(answers.last?.error?.code == .unavailable)
        #expect(try router.heardTypes() == Array(repeating: .query, count: 16))
    }

    @Test func workerWithoutTheCapabilityIsNotAsked() throws {
        let router = try EmbeddedRouter()
        let promise = router.channel.embeddedEventLoop.makePromise(of: Reply.self)
        router.handler.ask(Query(method: "describe"), promise)
        #expect(throws: EngineError.self) { try promise.futureResult.wait() }
        #expect(try router.heardTypes() == [])
    }

    @Test func answerToNoQuestionIsAnErrorOfTheConnection() throws {
        try router.say(.reply(Reply()), on: 1)
        #expect(try router.heardTypes() == [.connectionError])
    }

    @Test func questionsOfTheWorkerAreRefusedOneByOne() throws {
        try router.say(.query(Query(method: "x")), on: 2)
        try router.say(.query(Query(method: "x")), on: 8)
        #expect(try router.heard().map(\.stream) == [2, 8])
    }

    @Test(arguments: [2, 4, 8] as [StreamID])
    func questionOfTheWorkerOnAStreamThatIsNotNewIsAnError(stream: StreamID) throws {
        try router.say(.query(Query(method: "x")), on: 8)
        _ = try router.heard()
        try router.say(.query(Query(method: "x")), on: stream)
        #expect(try router.heardTypes() == [.connectionError])
    }
}

/// What became of a question.
private final class Answer {
    var result: Result<Reply, any Error>?

    var reply: Reply? { try? result?.get() }

    var error: EngineError? {
        if case .failure(let error) = result { error as? EngineError } else { nil }
    }
}
