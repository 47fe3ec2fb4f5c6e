import HocketEngine
import HocketWire
import Testing

@testable import HocketCapture

struct FrameFilterTests {
    @Test func admitsAllByDefault() throws {
        let filter = try FrameFilter()
        for crossing in try everyFrame() { #expect(filter.admits(try crossing.record())) }
    }

    @Test func admitsNamedTypesInAnyCase() throws {
        let filter = try FrameFilter(typeNames: ["step", "STREAM_ERROR", "Finish"])
        let admitted = try everyFrame().map { try $0.record() }.filter(filter.admits)
        #expect(Set(admitted.map(\.head.typeName)) == ["STEP", "STREAM_ERROR", "FINISH"])
        #expect(admitted.count == 6)
    }

    @Test func admitsOneWorker() throws {
        let filter = try FrameFilter(typeNames: ["STEP"], worker: "w1")
        let step = try Crossing(step: [(1, [5])])
        #expect(filter.admits(try step.record(worker: "w1")))
        #expect(!filter.admits(try step.record(worker: "w0")))
        let ping = try Crossing(.toWorker, .ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
        #expect(!filter.admits(try ping.record(worker: "w1")))
    }

    @Test func namesTheTypesThatThereAre() throws {
        let error = #expect(throws: CaptureError.self) { try FrameFilter(typeNames: ["STEPS"]) }
        #expect(error?.code == .frameTypeUnknown)
        #expect(error?.message.contains("'STEPS'") == true)
        #expect(error?.message.contains("HELLO, HELLO_ACK, SUBMIT") == true)
    }
}
