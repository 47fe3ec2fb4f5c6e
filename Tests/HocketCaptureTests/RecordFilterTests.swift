import HocketEngine
import HocketWire
import Testing

@testable import HocketCapture

struct RecordFilterTests {
    @Test func admitsAllByDefault() throws {
        let filter = try RecordFilter()
        for crossing in try everyFrame() { #expect(filter.admits(try crossing.record())) }
    }

    @Test func admitsNamedTypesInAnyCase() throws {
        let filter = try RecordFilter(typeNames: ["step", "STREAM_ERROR", "Finish"])
        let admitted = try everyFrame().map { try $0.record() }.filter(filter.admits)
        #expect(Set(admitted.map(\.head.typeName)) == ["STEP", "STREAM_ERROR", "FINISH"])
        #expect(admitted.count == 6)
    }

    @Test func admitsOneWorker() throws {
        let filter = try RecordFilter(typeNames: ["STEP"], worker: "w1")
        let step = try Crossing(step: [(1, [5])])
        #expect(filter.admits(try step.record(worker: "w1")))
        #expect(!filter.admits(try step.record(worker: "w0")))
        let ping = try Crossing(.toWorker, .ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
        #expect(!filter.admits(try ping.record(worker: "w1")))
    }

    @Test func admitsMessagesOfToolServersByTheirTypeAndTheirServer() throws {
        let message = try #require(everyToolMessage.first).record(droppedBefore: 0)
        let frame = try Crossing(step: [(1, [5])]).record(worker: "w1")
        let cases: [(filter: RecordFilter, message: Bool, frame: Bool)] = [
            (try RecordFilter(), true, true),
            (try RecordFilter(typeNames: ["mcp"]), true, false),
            (try RecordFilter(typeNames: ["STEP"]), false, true),
            (try RecordFilter(typeNames: ["STEP", "MCP"]), true, true),
            (try RecordFilter(server: "search"), true, false),
            (try RecordFilter(server: "other"), false, false),
            (try RecordFilter(worker: "w1"), false, true),
            (try RecordFilter(worker: "w1", server: "search"), true, true),
        ]
        for (filter, admitsMessage, admitsFrame) in cases {
            #expect(filter.admits(message) == admitsMessage, "\(filter)")
            #expect(filter.admits(frame) == admitsFrame, "\(filter)")
        }
    }

    @Test func namesTheTypesThatThereAre() throws {
        let error = #expect(throws: CaptureError.self) { try RecordFilter(typeNames: ["STEPS"]) }
        #expect(error?.code == .frameTypeUnknown)
        #expect(error?.message.contains("'STEPS'") == true)
        #expect(error?.message.contains("HELLO, HELLO_ACK, SUBMIT") == true)
    }
}
