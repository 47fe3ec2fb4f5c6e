import HocketEngine
import HocketStore
import Testing

/// Every store is bounded by count, bytes and age.
@Suite
struct LimitTests {
    @Test(arguments: StoreKind.allCases)
    func forgetsTheOldestOverTheCount(_ kind: StoreKind) async throws {
        try await kind.withStore(limits: StoreLimits(responsesMax: 3)) { store in
            for number in 0..<9 {
                try await store.insert(Sample.response("\(number)"), events: .empty)
                let expected = (max(0, number - 2)...number).map(String.init)
                #expect(try await stored(of: 9, in: store) == expected)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func oldestIsWhatWasCreatedFirst(_ kind: StoreKind) async throws {
        try await kind.withStore(limits: StoreLimits(responsesMax: 3)) { store in
            for (number, createdAt) in [30, 10, 20, 40, 5, 50].enumerated() {
                let response = Sample.response("\(number)", createdAt: Sample.time + createdAt)
                try await store.insert(response, events: .empty)
            }
            // 1 and 2 went while 3 and 4 were written; 4, the oldest of all, went for 5.
            #expect(try await stored(of: 6, in: store) == ["0", "3", "5"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func forgetsTheOldestOverTheBytes(_ kind: StoreKind) async throws {
        try await kind.withStore(limits: StoreLimits(bytesMax: 100)) { store in
            for id in ["0", "1", "2", "3"] {
                try await store.insert(Sample.response(id, bytes: 25), events: .empty)
            }
            #expect(try await store.usage() == StoreUsage(responses: 4, bytes: 100))
            try await store.insert(Sample.response("4", bytes: 26), events: .empty)
            #expect(try await stored(of: 5, in: store) == ["2", "3", "4"])
            let larger = Sample.state(of: "2", objectBytes: 26)
            try await store.update("2", to: larger, appending: .empty)
            #expect(try await store.usage() == StoreUsage(responses: 3, bytes: 77))
            let events = Sample.events(0..<1)
            try await store.append(events, to: "2")
            #expect(try await stored(of: 5, in: store) == ["2", "4"])
            #expect(try await store.usage().bytes == 52 + events.bytes.count)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func neverForgetsTheResponseThatIsWritten(_ kind: StoreKind) async throws {
        try await kind.withStore(limits: StoreLimits(responsesMax: 1, bytesMax: 1_000)) { store in
            try await store.insert(Sample.response("0"), events: .empty)
            let older = Sample.response("1", createdAt: Sample.time - 60)
            try await store.insert(older, events: .empty)
            #expect(try await stored(of: 2, in: store) == ["1"])
            for number in 0..<9 {
                try await store.append(Sample.events(number..<number + 1), to: "1")
            }
            #expect(try await stored(of: 2, in: store) == ["1"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func forgetsWhatIsFinishedBeforeWhatIsNot(_ kind: StoreKind) async throws {
        try await kind.withStore(limits: StoreLimits(responsesMax: 3)) { store in
            try await store.insert(Sample.response("0", isFinished: false), events: .empty)
            try await store.insert(Sample.response("1"), events: .empty)
            try await store.insert(Sample.response("2", isFinished: false), events: .empty)
            try await store.insert(Sample.response("3", isFinished: false), events: .empty)
            #expect(try await stored(of: 5, in: store) == ["0", "2", "3"])
            try await store.insert(Sample.response("4"), events: .empty)
            #expect(try await stored(of: 5, in: store) == ["2", "3", "4"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func responseLargerThanTheStoreIsRefused(_ kind: StoreKind) async throws {
        try await kind.withStore(limits: StoreLimits(bytesMax: 100)) { store in
            try await store.insert(Sample.response("0", bytes: 40), events: .empty)
            try await store.insert(Sample.response("1", bytes: 40), events: .empty)
            let words = await expectRefusal(.tooLarge) {
                try await store.insert(Sample.response("2", bytes: 101), events: .empty)
            }
            #expect(words.contains("(max: 100 bytes, actual: 101)"))
            await expectRefusal(.tooLarge) {
                let state = Sample.state(of: "1", objectBytes: 101)
                try await store.update("1", to: state, appending: .empty)
            }
            await expectRefusal(.tooLarge) {
                try await store.append(Sample.events(0..<3), to: "1")
            }
            #expect(try await store.usage() == StoreUsage(responses: 2, bytes: 80))
            try await store.insert(Sample.response("3", bytes: 100), events: .empty)
            #expect(try await stored(of: 4, in: store) == ["3"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsOverAgeIsAbsent(_ kind: StoreKind) async throws {
        let clock = SettableClock()
        let limits = StoreLimits(ageSecondsMax: 100)
        try await kind.withStore(limits: limits, clock: clock) { store in
            try await store.insert(Sample.response("0", isFinished: false), events: .empty)
            clock.advance(bySeconds: 60)
            let younger = Sample.response("1", after: "0", createdAt: clock.now)
            try await store.insert(younger, events: .empty)
            clock.advance(bySeconds: 40)
            #expect(try await stored(of: 2, in: store) == ["0", "1"])
            clock.advance(bySeconds: 1)
            #expect(try await stored(of: 2, in: store) == ["1"])
            #expect(try await store.unfinished().isEmpty)
            await expectRefusal(.notFound) {
                _ = try await store.events(of: "0", from: 0, bytesMax: 1)
            }
            await expectRefusal(.notFound) {
                _ = try await store.chain(endingAt: "1", limits: ChainLimits())
            }
            await expectRefusal(.notFound) { try await store.append(.empty, to: "0") }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func nextWriteRemovesWhatIsOverAge(_ kind: StoreKind) async throws {
        let clock = SettableClock()
        let limits = StoreLimits(ageSecondsMax: 100)
        try await kind.withStore(limits: limits, clock: clock) { store in
            for isFinished in [true, false] {
                let response = Sample.response("\(isFinished)", isFinished: isFinished)
                try await store.insert(response, events: Sample.events(0..<2))
            }
            clock.advance(bySeconds: 101)
            #expect(try await store.delete("true") == false)
            #expect(try await store.usage() == StoreUsage())
            try await store.insert(Sample.response("true", createdAt: clock.now), events: .empty)
            #expect(try await stored(of: ["true", "false"], in: store) == ["true"])
        }
    }

    private func stored(of count: Int, in store: any ResponseStore) async throws -> [String] {
        try await stored(of: (0..<count).map(String.init), in: store)
    }

    private func stored(of ids: [String], in store: any ResponseStore) async throws -> [String] {
        var stored: [String] = []
        for id in ids where try await store.response(id) != nil { stored.append(id) }
        return stored
    }
}
