import HocketTesting
import NIOCore
import Synchronization
import Testing

/// The host on which the bridge is simulated: turns, time and sockets.
@Suite struct VirtualHostTests {
    @Test func sameSeedGivesTheSameOrder() {
        #expect(order(seed: 1) == order(seed: 1))
        #expect(Set((1...20).map { order(seed: $0) }).count > 10)
    }

    @Test func taskAndItsChildrenStayOnTheirProcess() {
        let host = VirtualHost(seed: 1)
        let process = VirtualProcess(on: host)
        let sum = Watched(0)
        // The test's own thread plays the executor of this task.
        Task(executorPreference: process) {
            let result = await withTaskGroup(of: Int.self) { group in
                for number in 1...10 { group.addTask { number } }
                return await group.reduce(0, +)
            }
            sum.change { $0 = result }
        }
        #expect(sum.value == 0)
        while host.step(until: host.now) {}
        #expect(sum.value == 55)
        #expect(host.isIdle)
    }

    @Test func timePassesWhenNothingIsLeftToDo() {
        let host = VirtualHost(seed: 1)
        let loop = VirtualProcess(on: host).makeEventLoop()
        let start = host.now
        let seen = Mutex<[Int]>([])
        for second in [3, 1, 2] {
            loop.scheduleTask(in: .seconds(Int64(second))) { seen.withLock { $0.append(second) } }
        }
        let late = loop.scheduleTask(in: .seconds(1)) { seen.withLock { $0.append(9) } }
        late.cancel()
        while host.step(until: start + .seconds(2)) {}
        #expect(seen.withLock { $0 } == [1, 2])
        #expect(host.now == start + .seconds(2))
        #expect(!host.isIdle)
        while host.step(until: .distantFuture) {}
        #expect(seen.withLock { $0 } == [1, 2, 3])
    }

    @Test func stoppedProcessTakesNoTurns() {
        let host = VirtualHost(seed: 1)
        let process = VirtualProcess(on: host)
        let loop = process.makeEventLoop()
        let turns = Mutex(0)
        process.stop()
        loop.execute { turns.withLock { $0 += 1 } }
        #expect(!host.step(until: host.now + .seconds(1)))
        process.resume()
        #expect(host.step(until: host.now))
        #expect(turns.withLock { $0 } == 1)
    }

    @Test func loopKnowsItselfFromItsLike() {
        let host = VirtualHost(seed: 1)
        let process = VirtualProcess(on: host)
        let (first, second) = (process.makeEventLoop(), process.makeEventLoop())
        #expect(!first.inEventLoop)
        host.perform(on: first) {
            #expect(first.inEventLoop)
            #expect(!second.inEventLoop)
        }
    }

    /// The order in which four tasks and two loops take turns.
    private func order(seed: UInt64) -> [String] {
        let host = VirtualHost(seed: seed)
        let process = VirtualProcess(on: host)
        let seen = Watched<[String]>([])
        for name in ["a", "b", "c", "d"] {
            // The test's own thread plays the executor of these tasks.
            Task(executorPreference: process) {
                seen.change { $0.append(name) }
                await Task.yield()
                seen.change { $0.append(name + name) }
            }
        }
        for (index, loop) in [process.makeEventLoop(), process.makeEventLoop()].enumerated() {
            for turn in 1...3 {
                loop.execute { seen.change { $0.append("loop \(index), turn \(turn)") } }
            }
        }
        while host.step(until: host.now) {}
        return seen.value
    }
}
