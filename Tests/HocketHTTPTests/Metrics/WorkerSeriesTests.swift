import HocketWire
import NIOCore
import Testing

@testable import HocketEngine
@testable import HocketHTTP

struct WorkerSeriesTests {
    @Test func samplingsThatMovedAreCountedWhereTheirWorkersAreGone() {
        var text = ""
        let usage = TokenUsage(promptTokens: 7, cachedTokens: 5, outputTokens: 2)
        WorkerSeries([], SamplingTotals(moved: 3, cancelledUsage: usage)).write(to: &text)
        #expect(
            text == """
                # TYPE hocket_workers gauge
                hocket_workers 0
                # TYPE hocket_samplings_moved_total counter
                hocket_samplings_moved_total 3
                # TYPE hocket_cancelled_tokens_total counter
                hocket_cancelled_tokens_total{kind="prompt"} 7
                hocket_cancelled_tokens_total{kind="cached"} 5
                hocket_cancelled_tokens_total{kind="output"} 2

                """
        )
    }

    @Test func generationsOfANameAreOneSeries() {
        var totals = WorkerTotals()
        totals.placed = 5
        totals.finished = 3
        totals.failed = 1
        totals.retried = 1
        let workers = [
            WorkerSnapshot.example("b", generation: 1, streams: 1, totals: WorkerTotals()),
            .example("a", generation: 1, streams: 2, totals: totals),
            .example("a", generation: 2, streams: 3, totals: totals),
        ]
        var text = ""
        WorkerSeries(workers, SamplingTotals(moved: 1)).write(to: &text)
        #expect(
            text == """
                # TYPE hocket_workers gauge
                hocket_workers 3
                # TYPE hocket_samplings_moved_total counter
                hocket_samplings_moved_total 1
                # TYPE hocket_cancelled_tokens_total counter
                hocket_cancelled_tokens_total{kind="prompt"} 0
                hocket_cancelled_tokens_total{kind="cached"} 0
                hocket_cancelled_tokens_total{kind="output"} 0
                # TYPE hocket_worker_streams gauge
                hocket_worker_streams{worker="a"} 5
                hocket_worker_streams{worker="b"} 1
                # TYPE hocket_worker_breaker_state gauge
                hocket_worker_breaker_state{worker="a"} 0
                hocket_worker_breaker_state{worker="b"} 0
                # TYPE hocket_worker_samplings_placed_total counter
                hocket_worker_samplings_placed_total{worker="a"} 5
                hocket_worker_samplings_placed_total{worker="b"} 0
                # TYPE hocket_worker_samplings_finished_total counter
                hocket_worker_samplings_finished_total{worker="a"} 3
                hocket_worker_samplings_finished_total{worker="b"} 0
                # TYPE hocket_worker_samplings_failed_total counter
                hocket_worker_samplings_failed_total{worker="a"} 1
                hocket_worker_samplings_failed_total{worker="b"} 0
                # TYPE hocket_worker_samplings_retried_total counter
                hocket_worker_samplings_retried_total{worker="a"} 1
                hocket_worker_samplings_retried_total{worker="b"} 0

                """
        )
    }
}

extension WorkerSnapshot {
    fileprivate static func example(
        _ name: String,
        generation: UInt64,
        streams: Int,
        totals: WorkerTotals
    ) -> WorkerSnapshot {
        WorkerSnapshot(
            id: WorkerID(rawValue: generation),
            name: name,
            generation: generation,
            models: [],
            streamsMax: 8,
            runningStreams: streams,
            keptSlots: 0,
            tokensInFlight: 0,
            weight: .standard,
            isDraining: false,
            isHeld: false,
            breaker: .closed,
            load: nil,
            attachedFor: .seconds(1),
            totals: totals
        )
    }
}
