import Testing

@testable import HocketEngine

/// What is remembered of keys, and what is forgotten first.
@Suite struct RecencyIndexTests {
    private var index = RecencyIndex(keysMax: 3)

    @Test mutating func remembersTheWorkersOfAKey() {
        index.insert(0, for: 7)
        index.insert(63, for: 7)
        #expect(index.workers(for: 7) == UInt64(1) | 1 << 63)
        #expect(index.workers(for: 8) == 0)
        index.assign(5, to: 7)
        #expect(index.workers(for: 7) == 1 << 5)
    }

    @Test mutating func forgetsTheKeyThatWasUsedLongestAgo() {
        for key in 1...3 as ClosedRange<UInt64> { index.insert(1, for: key) }
        index.insert(2, for: 1)
        index.insert(1, for: 4)
        #expect([1, 2, 3, 4].map { index.workers(for: $0) } == [6, 0, 2, 2])
        #expect(index.count == 3)
    }

    @Test mutating func newKeyHasNothingOfTheOneWhosePlaceItTakes() {
        for key in 1...9 as ClosedRange<UInt64> { index.insert(Int(key), for: key) }
        #expect([7, 8, 9].map { index.workers(for: $0) } == [1 << 7, 1 << 8, 1 << 9])
    }

    @Test mutating func forgetsAWorkerEverywhere() {
        for key in 1...3 as ClosedRange<UInt64> {
            index.insert(1, for: key)
            index.insert(2, for: key)
        }
        index.forget(1)
        #expect([1, 2, 3].map { index.workers(for: $0) } == [4, 4, 4])
    }

    @Test(arguments: [1, 2, 5, 64]) func agreesWithAListThatIsSorted(keysMax: Int) {
        var index = RecencyIndex(keysMax: keysMax)
        var model: [UInt64] = []
        var state = UInt64(keysMax)
        for _ in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            let key = (state >> 33) % 100
            index.insert(0, for: key)
            model.removeAll { $0 == key }
            model.append(key)
            if model.count > keysMax { model.removeFirst() }
            #expect(index.count == model.count)
        }
        let known = (0..<100 as Range<UInt64>).filter { index.workers(for: $0) != 0 }
        #expect(known == model.sorted())
    }
}
