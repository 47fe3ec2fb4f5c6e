import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ClientMachineTests {
    private var machine: ClientMachine
    private let identity = ClientMachine.Identity(name: "hocket", version: "1")
    private let meta: JSONValue = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": ["name": "hocket", "version": "1"],
        "io.modelcontextprotocol/clientCapabilities": [:],
    ]

    init() {
        machine = ClientMachine(identity: identity, sharesOneStream: false)
    }

    private func discover(_ id: Int) -> ClientMachine.OnOpening {
        .send(
            ClientRequest(
                id: .integer(id),
                method: "server/discover",
                params: ["_meta": meta],
                revision: .july2026
            )
        )
    }

    private func initialize(_ id: Int, offering: String = "2025-11-25") -> ClientMachine.OnOpening {
        .send(
            ClientRequest(
                id: .integer(id),
                method: "initialize",
                params: [
                    "protocolVersion": .string(offering),
                    "capabilities": [:],
                    "clientInfo": ["name": "hocket", "version": "1"],
                ],
                revision: nil
            )
        )
    }

    private func refusal(_ code: Int, _ data: JSONValue? = nil) -> ClientAnswer {
        .error(JSONRPCError(code: code, message: "no", data: data))
    }

    private func initialized(_ revision: String) -> ClientAnswer {
        .result(["protocolVersion": .string(revision), "capabilities": ["tools": [:]]])
    }

    private let announced = ClientMachine.OnOpening.ready(
        announcing: .notification(method: "notifications/initialized", params: nil)
    )

    private func failure(_ step: ClientMachine.OnOpening) -> ToolError? {
        guard case .failed(let error) = step else { return nil }
        return error
    }
}

// MARK: Opening

extension ClientMachineTests {
    @Test mutating func opensAServerOfTheNewestRevisionWithoutASession() {
        #expect(machine.opened() == discover(1))
        #expect(
            machine.openingAnswered(.result(["supportedVersions": ["2026-07-28", "2025-06-18"]]))
                == .ready(announcing: nil)
        )
        #expect(machine.revision == .july2026)
    }

    @Test(arguments: ["2025-03-26", "2025-06-18", "2025-11-25"])
    mutating func fallsBackToASessionWhenTheProbeIsRefused(revision: String) {
        #expect(machine.opened() == discover(1))
        #expect(machine.openingAnswered(refusal(-32601)) == initialize(2))
        #expect(machine.openingAnswered(initialized(revision)) == announced)
        #expect(machine.revision?.rawValue == revision)
    }

    @Test(arguments: [400, 404, 405, 406])
    mutating func fallsBackToASessionOnAnHTTPStatusOfOldServers(status: Int) {
        #expect(machine.opened() == discover(1))
        let error = ToolError(code: .httpStatus, number: status, message: "")
        #expect(machine.openingFailed(error) == initialize(2))
    }

    @Test(arguments: [401, 403, 429, 500, 503])
    mutating func doesNotFallBackOnAStatusThatMeansTheSameToAll(status: Int) {
        #expect(machine.opened() == discover(1))
        let error = ToolError(code: .httpStatus, number: status, message: "")
        #expect(machine.openingFailed(error) == .failed(error))
        #expect(machine.state == .closed)
    }

    @Test mutating func takesAServerThatAnswersAnythingForAnOldOne() {
        #expect(machine.opened() == discover(1))
        #expect(machine.openingAnswered(.result([:])) == initialize(2))
    }

    @Test mutating func offersTheNewestRevisionThatAServerNames() {
        #expect(machine.opened() == discover(1))
        let supported: JSONValue = ["supported": ["2024-11-05", "2025-03-26", "2025-06-18"]]
        #expect(
            machine.openingAnswered(refusal(-32022, supported))
                == initialize(2, offering: "2025-06-18")
        )
    }

    @Test mutating func doesNotAskAgainForARevisionThatWasJustRefused() {
        #expect(machine.opened() == discover(1))
        let step = machine.openingAnswered(refusal(-32022, ["supported": ["2026-07-28"]]))
        #expect(failure(step)?.code == .invalidAnswer)
    }

    @Test mutating func failsWithoutACommonRevision() {
        #expect(machine.opened() == discover(1))
        #expect(machine.openingAnswered(refusal(-32601)) == initialize(2))
        let step = machine.openingAnswered(initialized("2023-11-05"))
        #expect(failure(step)?.cause?.contains("2023-11-05") == true)
        #expect(machine.state == .closed)
    }

    @Test mutating func doesNotTakeASessionOfARevisionWithoutSessions() {
        #expect(machine.opened() == discover(1))
        #expect(machine.openingAnswered(refusal(-32601)) == initialize(2))
        #expect(failure(machine.openingAnswered(initialized("2026-07-28"))) != nil)
    }

    @Test mutating func asksASlowServerOfTheNewestRevisionAgain() {
        #expect(machine.opened() == discover(1))
        let silence = ToolError(code: .timedOut, message: "")
        #expect(machine.openingFailed(silence) == initialize(2))
        #expect(machine.openingAnswered(refusal(-32601)) == discover(3))
        #expect(
            machine.openingAnswered(.result(["supportedVersions": ["2026-07-28"]]))
                == .ready(announcing: nil)
        )
    }

    @Test mutating func givesUpWhenBothWaysAreRefused() {
        #expect(machine.opened() == discover(1))
        #expect(machine.openingFailed(ToolError(code: .timedOut, message: "")) == initialize(2))
        #expect(machine.openingAnswered(refusal(-32601)) == discover(3))
        #expect(failure(machine.openingAnswered(refusal(-32601)))?.number == -32601)
    }

    @Test mutating func isNotOpenedByAnAnswerThatComesAfterItsEnd() {
        #expect(machine.opened() == discover(1))
        machine.closed()
        let late = ClientAnswer.result(["supportedVersions": ["2026-07-28"]])
        #expect(failure(machine.openingAnswered(late))?.code == .unreachable)
        #expect(machine.state == .closed)
    }

    @Test mutating func beginsWithASessionAfterAServerDiedOfTheProbe() {
        machine = ClientMachine(identity: identity, sharesOneStream: true)
        #expect(machine.opened() == discover(1))
        machine.closed()
        #expect(machine.opened() == initialize(2))
        machine.closed()
        #expect(machine.opened() == discover(3))
    }
}

// MARK: Requests

extension ClientMachineTests {
    private mutating func open(_ revision: String) {
        _ = machine.opened()
        if revision == "2026-07-28" {
            _ = machine.openingAnswered(.result(["supportedVersions": [.string(revision)]]))
        } else {
            _ = machine.openingAnswered(refusal(-32601))
            _ = machine.openingAnswered(initialized(revision))
        }
    }

    @Test mutating func putsItsIdentityIntoEveryRequestOfTheNewestRevision() {
        open("2026-07-28")
        let request = machine.requested("tools/call", ["name": "echo"], reportsProgress: true)
        var expected = meta
        if case .object(var members) = meta {
            members["progressToken"] = nil
            expected = .object(JSONObject(progressToken: 2, then: members))
        }
        #expect(request.params == ["name": "echo", "_meta": expected])
        #expect(request.revision == .july2026)
    }

    @Test mutating func sendsOnlyAProgressTokenWithinASession() {
        open("2025-11-25")
        let call = machine.requested("tools/call", ["name": "echo"], reportsProgress: true)
        #expect(call.params == ["name": "echo", "_meta": ["progressToken": 3]])
        #expect(machine.requested("tools/list", [:]).params == [:])
    }

    @Test mutating func joinsAnswersToTheirRequests() {
        open("2025-11-25")
        let first = machine.requested("tools/call", [:])
        let second = machine.requested("tools/call", [:])
        #expect(
            machine.received(.result(id: second.id, ["a": 1]))
                == .answer(second.id, .result(["a": 1]))
        )
        let error = JSONRPCError(code: -32602, message: "unknown tool")
        #expect(
            machine.received(.error(id: first.id, error)) == .answer(first.id, .error(error))
        )
        #expect(
            machine.received(.result(id: first.id, [:]))
                == .ignored("an answer to no request that waits")
        )
    }

    @Test mutating func takesOnlyItsOwnAnswerFromARequestsStream() {
        open("2025-11-25")
        let mine = machine.requested("tools/call", [:])
        let other = machine.requested("tools/call", [:])
        #expect(
            machine.received(.result(id: other.id, [:]), onStreamOf: mine.id)
                == .ignored("an answer to another request")
        )
        let error = JSONRPCError(code: -32700, message: "cannot read it")
        #expect(
            machine.received(.error(id: nil, error), onStreamOf: mine.id)
                == .answer(mine.id, .error(error))
        )
        #expect(
            machine.received(.result(id: other.id, [:]), onStreamOf: other.id)
                == .answer(other.id, .result([:]))
        )
        #expect(machine.received(.error(id: nil, error)) == .ignored("an error without an id"))
    }

    @Test mutating func reportsProgressOfWhatWaits() {
        open("2025-11-25")
        let call = machine.requested("tools/call", [:], reportsProgress: true)
        let report: JSONValue = [
            "progressToken": call.id.json, "progress": 0.5, "total": 2, "message": "half",
        ]
        let message = JSONRPCMessage.notification(method: "notifications/progress", params: report)
        #expect(
            machine.received(message)
                == .progress(call.id, ToolProgress(done: 0.5, total: 2, message: "half"))
        )
        _ = machine.received(.result(id: call.id, [:]))
        #expect(machine.received(message) == .ignored("progress of no request that waits"))
    }

    @Test mutating func noticesThatToolsChanged() {
        open("2025-11-25")
        let message = JSONRPCMessage.notification(
            method: "notifications/tools/list_changed",
            params: nil
        )
        #expect(machine.received(message) == .toolsChanged)
    }

    @Test mutating func answersPingAndRefusesAllElseThatAServerAsks() {
        open("2025-11-25")
        let ping = JSONRPCMessage.request(id: .string("p"), method: "ping", params: nil)
        #expect(machine.received(ping) == .reply(.result(id: .string("p"), [:])))
        let sampling = JSONRPCMessage.request(
            id: .integer(9),
            method: "sampling/createMessage",
            params: [:]
        )
        let refusal = JSONRPCError(
            code: -32601,
            message: "this client does not offer sampling/createMessage"
        )
        #expect(machine.received(sampling) == .reply(.error(id: .integer(9), refusal)))
    }

    @Test mutating func repliesNothingInARevisionThatForbidsIt() {
        open("2026-07-28")
        let ping = JSONRPCMessage.request(id: .integer(1), method: "ping", params: nil)
        #expect(
            machine.received(ping) == .ignored("a request, which this revision does not know")
        )
    }
}

// MARK: Giving up

extension ClientMachineTests {
    @Test mutating func tellsASessionThatARequestIsAbandoned() {
        open("2025-06-18")
        let call = machine.requested("tools/call", [:])
        #expect(
            machine.abandoned(call.id)
                == .notification(
                    method: "notifications/cancelled",
                    params: [
                        "requestId": call.id.json,
                        "reason": "the caller does not wait any longer",
                    ]
                )
        )
        #expect(machine.abandoned(call.id) == nil)
        #expect(
            machine.received(.result(id: call.id, [:]))
                == .ignored("an answer to no request that waits")
        )
    }

    @Test mutating func tellsTheNewestRevisionByTheEndOfTheStreamAlone() {
        open("2026-07-28")
        let call = machine.requested("tools/call", [:])
        #expect(machine.abandoned(call.id) == nil)
    }

    @Test mutating func tellsTheNewestRevisionOnASharedStream() {
        machine = ClientMachine(identity: identity, sharesOneStream: true)
        open("2026-07-28")
        let call = machine.requested("tools/call", [:])
        #expect(machine.abandoned(call.id) != nil)
    }

    @Test mutating func neverCancelsTheOpening() {
        #expect(machine.opened() == discover(1))
        #expect(machine.openingAnswered(refusal(-32601)) == initialize(2))
        #expect(machine.abandoned(.integer(2)) == nil)
    }

    @Test mutating func forgetsEverythingWhenTheConnectionIsLost() {
        open("2025-11-25")
        let call = machine.requested("tools/call", [:])
        machine.closed()
        #expect(machine.revision == nil)
        #expect(
            machine.received(.result(id: call.id, [:]))
                == .ignored("an answer to no request that waits")
        )
    }

    @Test mutating func remembersWhatTheServerSpoke() {
        open("2025-06-18")
        machine.closed()
        #expect(machine.opened() == initialize(3))
        // It has been replaced by a newer one meanwhile.
        #expect(machine.openingAnswered(refusal(-32601)) == discover(4))
        #expect(
            machine.openingAnswered(.result(["supportedVersions": ["2026-07-28"]]))
                == .ready(announcing: nil)
        )
        machine.closed()
        #expect(machine.opened() == discover(5))
    }
}

extension JSONObject {
    fileprivate init(progressToken: Int, then rest: JSONObject) {
        self = ["progressToken": .number(JSONNumber(progressToken))]
        for member in rest.members { self[member.key] = member.value }
    }
}
