import HocketEngine
import Testing

/// What a request says of the trace it is a part of, by the rules of W3C Trace Context.
struct TraceContextTests {
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let spanID = "00f067aa0ba902b7"
    private static let parent = "00-\(traceID)-\(spanID)-01"

    @Test func whatIsReadIsWrittenAgain() throws {
        let context = try #require(TraceContext(traceParent: Self.parent))
        #expect(context.traceIDText == Self.traceID)
        #expect(context.spanIDText == Self.spanID)
        #expect(context.isSampled)
        #expect(context.traceParent == Self.parent)
    }

    @Test func childIsInTheSameTraceWithItsState() throws {
        let state = try #require(TraceState(fields: ["a=1"]))
        let context = try #require(TraceContext(traceParent: Self.parent, state: state))
        let child = context.child(spanID: 7)
        #expect(child.traceParent == "00-\(Self.traceID)-0000000000000007-01")
        #expect(child.state == state)
    }

    @Test(
        arguments: [
            "", "00", parent + "-", parent + "-01", " " + parent,
            parent.uppercased(),
            "ff-\(traceID)-\(spanID)-01",
            "0x-\(traceID)-\(spanID)-01",
            "00_\(traceID)-\(spanID)-01",
            "00-00000000000000000000000000000000-\(spanID)-01",
            "00-\(traceID)-0000000000000000-01",
            "00-\(traceID)-\(spanID)-0",
            "00-\(traceID)-\(spanID)-zz",
            "00-\(traceID.dropLast())g-\(spanID)-01",
            "01-\(traceID)-\(spanID)-01x",
        ]
    )
    func whatIsNoContextIsRefused(text: String) {
        #expect(TraceContext(traceParent: text) == nil)
    }

    @Test(arguments: ["", "-", "-what the future says"])
    func versionsToComeAreReadAsFarAsTheyAreKnown(rest: String) throws {
        let text = "cc-\(Self.traceID)-\(Self.spanID)-09\(rest)"
        let context = try #require(TraceContext(traceParent: text))
        #expect(context.traceParent == Self.parent)
    }

    @Test(arguments: ["00", "02", "fe"])
    func unsampledStaysUnsampled(flags: String) throws {
        let text = "00-\(Self.traceID)-\(Self.spanID)-\(flags)"
        let context = try #require(TraceContext(traceParent: text))
        #expect(context.traceParent == "00-\(Self.traceID)-\(Self.spanID)-00")
    }

    @Test func stateOfSeveralFieldsIsOneList() throws {
        let state = try #require(
            TraceState(fields: ["rojo=00f067aa, ,\tfw529a3039@dt=x y ", "z=1"])
        )
        #expect(state.text == "rojo=00f067aa,fw529a3039@dt=x y,z=1")
    }

    @Test(
        arguments: [
            "noequals", "=1", "a=", "A=1", "a b=1", "-a=1", "a=1,a=2", "a=b=c", "a=\u{7F}",
            "a=é", "\(String(repeating: "k", count: 257))=1",
            "k=\(String(repeating: "v", count: 257))",
            (0..<33).map { "k\($0)=1" }.joined(separator: ","),
        ]
    )
    func whatIsNoStateIsRefused(text: String) {
        #expect(TraceState(fields: [text]) == nil)
    }

    @Test func longStateLosesItsOldestMembers() throws {
        let members = (0..<5).map { "k\($0)=" + String(repeating: "v", count: 125) }
        let state = try #require(TraceState(fields: members))
        #expect(state.text == members.prefix(3).joined(separator: ","))
    }

    @Test func nothingIsAState() {
        #expect(TraceState(fields: [String]()) == TraceState())
    }
}
