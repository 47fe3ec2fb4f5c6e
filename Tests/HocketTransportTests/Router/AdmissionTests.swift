import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// Requests that wait for a worker, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    @Test func requestWaitsUntilAWorkerHasRoom() async throws {
        try await TestRouter.run(admission: AdmissionLimits()) { router in
            var worker = try await RawWorker.attached(to: router, as: .small())
            let (first, second) = (try await router.sink(), try await router.sink())
            async let outcome = router.generate(into: first)
            let stream = try await worker.acceptStream()
            async let later = router.generate(into: second)
            try await waitUntil("the second waits") { router.pool.queue.requests == 1 }
            #expect(router.pool.queue.tokens == 3)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            _ = try await outcome.get()
            try await worker.serve([7])
            #expect(try await later.get().reason == .stop)
            #expect(try await second.tokens == [7])
            let snapshot = try #require(router.pool.workers.first)
            #expect(snapshot.totals.finished == 2)
            #expect(snapshot.runningStreams == 0)
        }
    }

    @Test func fullQueueTurnsRequestsAway() async throws {
        try await TestRouter.run(admission: AdmissionLimits(queuedRequestsMax: 1)) { router in
            let worker = try await RawWorker.attached(to: router, as: .small())
            let demand = SamplingDemand(model: "m", promptTokens: 1)
            let places = try [router.pool.admit(demand), router.pool.admit(demand)]
            #expect(places.map(\.isWaiting) == [false, true])
            let error = #expect(throws: EngineError.self) { try router.pool.admit(demand) }
            #expect(error?.code == .resourceExhausted)
            #expect(error?.retryAfterSeconds == 1)
            for place in places { place.release() }
            #expect(router.pool.queue.admissions == 0)
            try await worker.close()
        }
    }

    /// A wait that begins while its place is given back finds that it has left, or is woken.
    @Test func whoLeavesWhileItBeginsToWaitIsToldSo() async throws {
        try await TestRouter.run(admission: AdmissionLimits(), loops: 2) { router in
            let worker = try await RawWorker.attached(to: router, as: .small())
            let demand = SamplingDemand(model: "m", promptTokens: 1)
            let holder = try router.pool.admit(demand)
            for _ in 0..<2_000 {
                let place = try router.pool.admit(demand)
                await withTaskGroup(of: EngineError?.self) { tasks in
                    tasks.addTask {
                        do throws(EngineError) {
                            try await place.wait()
                            return nil
                        } catch {
                            return error
                        }
                    }
                    tasks.addTask {
                        place.release()
                        return nil
                    }
                    let errors = await tasks.reduce(into: [EngineError?]()) { $0.append($1) }
                    #expect(errors.compactMap(\.self).map(\.code) == [.cancelled])
                }
            }
            holder.release()
            #expect(router.pool.queue.admissions == 0)
            try await worker.close()
        }
    }

    @Test func placeIsFreeWhenNobodyHoldsIt() async throws {
        try await TestRouter.run { router in
            let worker = try await RawWorker.attached(to: router, as: .small())
            let demand = SamplingDemand(model: "m", promptTokens: 1)
            for _ in 0..<3 {
                #expect(try router.pool.admit(demand).isWaiting == false)
            }
            #expect(router.pool.queue.admissions == 0)
            #expect(router.pool.workers.first?.keptSlots == 0)
            try await worker.close()
        }
    }

    @Test func whoIsReleasedWhileWaitingIsToldSo() async throws {
        try await TestRouter.run(admission: AdmissionLimits()) { router in
            let worker = try await RawWorker.attached(to: router, as: .small())
            let demand = SamplingDemand(model: "m", promptTokens: 1)
            let (held, waiting) = try (router.pool.admit(demand), router.pool.admit(demand))
            async let waited = Self.wait(for: waiting)
            waiting.release()
            #expect(await waited?.code == .cancelled)
            #expect(router.pool.queue.requests == 0)
            held.release()
            try await worker.close()
        }
    }

    @Test func whoIsCancelledWhileWaitingFreesItsPlace() async throws {
        try await TestRouter.run(admission: AdmissionLimits()) { router in
            let worker = try await RawWorker.attached(to: router, as: .small())
            let demand = SamplingDemand(model: "m", promptTokens: 1)
            let held = try router.pool.admit(demand)
            let sink = try await router.sink()
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { await router.generate(into: sink).failure }
                try await waitUntil("it waits") { router.pool.queue.requests == 1 }
                tasks.cancelAll()
                #expect(try await tasks.next()??.code == .cancelled)
            }
            #expect(router.pool.queue.requests == 0)
            held.release()
            try await worker.close()
        }
    }

    @Test func whoWaitsTooLongIsSentAway() async throws {
        let limits = AdmissionLimits(waitMax: .milliseconds(20))
        try await TestRouter.run(admission: limits) { router in
            let worker = try await RawWorker.attached(to: router, as: .small())
            let demand = SamplingDemand(model: "m", promptTokens: 1)
            let held = try router.pool.admit(demand)
            let error = await Self.wait(for: try router.pool.admit(demand))
            #expect(error?.code == .unavailable)
            #expect(error?.message == "no worker had room within 0.02 s")
            held.release()
            try await worker.close()
        }
    }

    @Test func samplingThatLostItsWorkerWaitsForABusyOne() async throws {
        try await TestRouter.run { router in
            var first = try await RawWorker.attached(to: router, as: .small("a"))
            let (moving, other) = (try await router.sink(), try await router.sink())
            async let moved = router.generate(into: moving)
            _ = try await first.acceptStream()
            var second = try await RawWorker.attached(to: router, as: .small("b"))
            async let served = router.generate(into: other)
            let stream = try await second.acceptStream()
            try await first.close()
            try await waitUntil("it waits") { router.pool.queue.requests == 1 }
            try await second.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            _ = try await served.get()
            try await second.serve([1, 2])
            #expect(try await moved.get().reason == .stop)
            #expect(try await moving.tokens == [1, 2])
            #expect(router.pool.workers.map(\.totals.finished) == [2])
        }
    }

    @Test func workerThatFailsAgainAndAgainIsLeftAlone() async throws {
        try await TestRouter.run { router in
            for round in 1...3 {
                var worker = try await RawWorker.attached(to: router, as: .small())
                let sink = try await router.sink()
                async let outcome = router.generate(into: sink)
                _ = try await worker.acceptStream()
                #expect(router.pool.workers.map(\.breaker) == [.closed], "round \(round)")
                try await worker.close()
                #expect(await outcome.failure?.code == .workerLost)
            }
            let worker = try await RawWorker.attached(to: router, as: .small())
            #expect(router.pool.workers.map(\.breaker) == [.open])
            let sink = try await router.sink()
            #expect(await router.generate(into: sink).failure?.code == .resourceExhausted)
            try await worker.close()
        }
    }

    private static func wait(for admission: any Admission) async -> EngineError? {
        do throws(EngineError) {
            try await admission.wait()
            return nil
        } catch {
            return error
        }
    }
}

extension Hello {
    /// A worker that takes one stream at a time.
    fileprivate static func small(_ name: String = "raw") -> Hello {
        var limits = PeerLimits()
        limits.streamsMax = 1
        return .worker(name, limits: limits)
    }
}
