import Harmony
import Testing

/// Stop strings on the text of messages, behind a parser.
@Suite struct StopStringFilterTests {
    @Test func endsTheMessageWhereTheStopStringBegins() {
        let filter = run("<|channel|>final<|message|>One. STOP Two.<|return|>", stop: ["STOP"])
        #expect(filter.match == "STOP")
        #expect(filter.base.messages.map(\.content) == [[.text("One. ")]])
        #expect(filter.base.entries.map(\.end) == [.stopString])
    }

    @Test func passesOnWhatTurnsOutToBeNoStopString() {
        let filter = run("<|channel|>final<|message|>Let it ST<|return|>", stop: ["STOP"])
        #expect(filter.match == nil)
        #expect(filter.base.messages.map(\.content) == [[.text("Let it ST")]])
        #expect(filter.base.entries.map(\.end) == [.return])
    }

    /// vllm#52612.
    @Test func looksOnlyAtWhatTheUserReads() {
        let stream =
            "<|channel|>analysis<|message|>STOP<|end|><|start|>assistant to=functions.f"
            + "<|channel|>commentary<|message|>STOP<|call|>"
        let filter = run(stream, stop: ["STOP", "final", "assistant", "<|end|>"])
        #expect(filter.match == nil)
        #expect(filter.base.messages.map(\.content) == [[.text("STOP")], [.text("STOP")]])
        let everywhere = run(stream, stop: ["STOP"], kinds: [.reasoning])
        #expect(everywhere.base.messages.map(\.content) == [[.text("")]])
    }

    @Test func findsNothingAcrossMessages() {
        let stream =
            "<|channel|>commentary<|message|>ST<|end|><|start|>assistant<|channel|>final"
            + "<|message|>OP<|return|>"
        let filter = run(stream, stop: ["STOP"])
        #expect(filter.match == nil)
        #expect(filter.base.messages.map(\.content) == [[.text("ST")], [.text("OP")]])
    }

    @Test func findsStopStringsInTextThatWasPutTogether() {
        let filter = run("<|channel|>final<|message|>go 🧭 on<|return|>", stop: ["🧭 "])
        #expect(filter.base.messages.map(\.content) == [[.text("go ")]])
    }

    @Test func saysNothingMoreAfterAMatch() {
        let stream = "<|channel|>final<|message|>aSTOP<|message|>b<|return|><|return|>c"
        let filter = run(stream, stop: ["STOP"])
        #expect(filter.base.messages.count == 1)
        #expect(filter.base.diagnostics.isEmpty)
    }

    private func run(
        _ stream: String,
        stop: [String],
        kinds: Set<HarmonyMessageKind> = [.answer, .preamble]
    ) -> StopStringFilter<HarmonyMessageCollector> {
        var parser = HarmonyParser()
        var filter = StopStringFilter(
            stopStrings: stop,
            kinds: kinds,
            base: HarmonyMessageCollector()
        )
        parser.consume(contentsOf: tokens(stream), into: &filter)
        parser.finish(into: &filter)
        return filter
    }
}
