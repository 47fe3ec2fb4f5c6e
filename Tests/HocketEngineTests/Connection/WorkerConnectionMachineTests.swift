import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// What a worker does with the router's frames and its engine's tokens, as transcripts.
@Suite struct WorkerConnectionMachineTests {
    private var machine = WorkerConnectionMachine(streamsMax: 2)

    init() throws {
        try machine.helloReceived()
        try machine.helloAckReceived()
    }

    // MARK: Admission

    @Test func servesOnceTheRouterLetsItIn() throws {
        var machine = WorkerConnectionMachine(streamsMax: 2)
        #expect(!machine.isAdmitted)
        try machine.helloReceived()
        #expect(!machine.isAdmitted)
        try machine.helloAckReceived()
        #expect(machine.isAdmitted && machine.isServing)
    }

    @Test(arguments: [FrameType.submit, .cancel, .credit, .ping, .goAway])
    func rejectsFramesBeforeHelloAck(type: FrameType) throws {
        var machine = WorkerConnectionMachine(streamsMax: 2)
        #expect(throws: WireError.self) { try machine.frameReceived(type) }
        try machine.helloReceived()
        #expect(throws: WireError.self) { try machine.frameReceived(type) }
        try machine.helloAckReceived()
        try machine.frameReceived(type)
    }

    @Test mutating func rejectsSecondHelloAndSecondAck() {
        #expect(throws: WireError.self) { try machine.helloReceived() }
        #expect(throws: WireError.self) { try machine.helloAckReceived() }
    }

    @Test func rejectsAckBeforeHello() {
        var machine = WorkerConnectionMachine(streamsMax: 2)
        #expect(throws: WireError.self) { try machine.helloAckReceived() }
    }

    // MARK: Opening streams

    @Test mutating func acceptsStreamsUpToItsMaximum() throws {
        #expect(try machine.submitReceived(on: 1, creditTokens: 4) == .accept)
        #expect(try machine.submitReceived(on: 3, creditTokens: 4) == .accept)
        guard case .refuse(let status) = try machine.submitReceived(on: 5, creditTokens: 4)
        else { return #expect(Bool(false), "a third stream was accepted") }
        #expect(status.code == .resourceExhausted)
        #expect(status.isRetryable)
        #expect(machine.lastAccepted == 3)
        _ = machine.generationEnded(.stopped, on: 1)
        #expect(try machine.submitReceived(on: 7, creditTokens: 4) == .accept)
    }

    @Test mutating func refusesPromptThatCannotBeServed() throws {
        let status = Status(.notFound, "no such model", parameter: "model")
        let action = try machine.submitReceived(on: 1, creditTokens: 4, refusal: status)
        #expect(action == .refuse(status))
        #expect(machine.openStreams == 0)
        #expect(machine.lastAccepted == .connection)
    }

    @Test mutating func rejectsStreamIDThatWasUsedBefore() throws {
        _ = try machine.submitReceived(on: 3, creditTokens: 4)
        #expect(throws: WireError.self) { try machine.submitReceived(on: 3, creditTokens: 4) }
        #expect(throws: WireError.self) { try machine.submitReceived(on: 1, creditTokens: 4) }
    }

    @Test mutating func rejectsStreamIDOfARefusedStream() throws {
        let status = Status(.notFound, "no such model")
        _ = try machine.submitReceived(on: 1, creditTokens: 4, refusal: status)
        #expect(throws: WireError.self) { try machine.submitReceived(on: 1, creditTokens: 4) }
    }

    @Test mutating func rejectsFramesOfStreamsThatWereNeverOpened() throws {
        _ = try machine.submitReceived(on: 3, creditTokens: 4)
        #expect(throws: WireError.self) { try machine.creditReceived(1, on: 5) }
        #expect(throws: WireError.self) { try machine.cancelReceived(on: 5) }
        #expect(throws: WireError.self) { try machine.streamErrorReceived(on: 5) }
    }

    // MARK: Ending

    @Test mutating func finishesWithTheNumberOfTokensSent() throws {
        _ = try machine.submitReceived(on: 1, creditTokens: 10)
        #expect(machine.tokensProduced([7, 8, 9], on: 1) == 3)
        #expect(machine.generationEnded(.stopped, on: 1)?.emittedTokens == 3)
        #expect(machine.openStreams == 0)
        #expect(machine.generationEnded(.stopped, on: 1) == nil)
    }

    @Test mutating func refusedPromptLeavesNothing() throws {
        _ = try machine.submitReceived(on: 1, creditTokens: 10)
        #expect(machine.promptRefused(on: 1) == true)
        #expect(machine.promptRefused(on: 1) == false)
        #expect(machine.openStreams == 0)
    }

    @Test mutating func cancelStopsTheEngineAndFinishes() throws {
        _ = try machine.submitReceived(on: 1, creditTokens: 10)
        _ = machine.tokensProduced([7, 8], on: 1)
        let action = try machine.cancelReceived(on: 1)
        #expect(action?.engineRuns == true)
        #expect(action?.finish.reason == .cancelled)
        #expect(action?.finish.emittedTokens == 2)
        #expect(try machine.cancelReceived(on: 1) == nil)
        #expect(machine.tokensProduced([9], on: 1) == 0)
        #expect(machine.generationEnded(.stopped, on: 1) == nil)
    }

    @Test mutating func streamErrorStopsTheEngineWithoutAnswer() throws {
        _ = try machine.submitReceived(on: 1, creditTokens: 10)
        #expect(try machine.streamErrorReceived(on: 1) == true)
        #expect(try machine.streamErrorReceived(on: 1) == false)
        #expect(machine.openStreams == 0)
    }

    @Test mutating func closedConnectionNamesTheStreamsThatTheEngineRuns() throws {
        _ = try machine.submitReceived(on: 1, creditTokens: 0)
        _ = try machine.submitReceived(on: 3, creditTokens: 4)
        _ = machine.tokensProduced([7], on: 1)
        _ = machine.generationEnded(.stopped, on: 1)
        #expect(machine.connectionClosed() == [3])
        #expect(machine.openStreams == 0)
        #expect(!machine.isAdmitted)
    }

    // MARK: Draining

    @Test mutating func drainingRefusesNewStreamsAndEndsTheOldOnes() throws {
        _ = try machine.submitReceived(on: 1, creditTokens: 4)
        #expect(machine.drainStarted() == true)
        #expect(machine.drainStarted() == false)
        #expect(!machine.isDrained)
        guard case .refuse(let status) = try machine.submitReceived(on: 3, creditTokens: 4)
        else { return #expect(Bool(false), "a draining worker took a stream") }
        #expect(status.code == .unavailable)
        #expect(status.isRetryable)
        #expect(machine.lastAccepted == 1)
        #expect(machine.tokensProduced([7], on: 1) == 1)
        #expect(machine.generationEnded(.stopped, on: 1)?.emittedTokens == 1)
        #expect(machine.isDrained)
    }

    @Test mutating func drainingWorkerWithoutStreamsIsDrained() {
        #expect(machine.drainStarted() == true)
        #expect(machine.isDrained)
    }

    @Test func workerThatIsNotInHasNothingToDrain() {
        var machine = WorkerConnectionMachine(streamsMax: 2)
        #expect(machine.drainStarted() == false)
    }
}

extension Finish {
    static let stopped = Finish(.stop, emittedTokens: 0)
}
