import HocketEngine
import HocketStore
import Testing

/// A replay is what was sent, byte for byte, in every store.
@Suite
struct EventLogTests {
    @Test(arguments: StoreKind.allCases)
    func eventsAreReadFromAnyNumberOn(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await insertLog(in: store, appending: [0..<1, 1..<4, 4..<4, 4..<20, 20..<23])
            for number in 0...23 {
                #expect(
                    try await store.events(of: "a", from: number, bytesMax: .max)
                        == Sample.events(number..<23)
                )
            }
            let past = try await store.events(of: "a", from: 99, bytesMax: .max)
            #expect(past == EventRun(startingAt: 99))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func longLogIsReadInParts(_ kind: StoreKind) async throws {
        let longestEvent = (0..<30).map { Sample.event($0).count }.max() ?? 0
        try await kind.withStore { store in
            try await insertLog(in: store, appending: [0..<7, 7..<8, 8..<30])
            for bytesMax in [1, 2, 40, 100, 333, 10_000] {
                var log = EventRun.empty
                while log.count < 30 {
                    let part = try await store.events(
                        of: "a",
                        from: log.nextSequenceNumber,
                        bytesMax: bytesMax
                    )
                    let isBounded = part.bytes.count < bytesMax + longestEvent
                    try #require(!part.isEmpty && isBounded)
                    log.append(part)
                }
                #expect(log == Sample.events(0..<30))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func anyBytesAreKept(_ kind: StoreKind) async throws {
        var run = EventRun.empty
        run.append(Array(UInt8.min...UInt8.max).span)
        run.append([UInt8]().span)
        run.append([UInt8](repeating: 0, count: 70_000).span)
        try await kind.withStore { store in
            try await store.insert(Sample.response("a"), events: run)
            #expect(try await store.events(of: "a", from: 0, bytesMax: .max) == run)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func eventsThatLeaveAGapOrOverlapAreRefused(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            await expectRefusal(.outOfOrder) {
                try await store.insert(Sample.response("a"), events: Sample.events(1..<2))
            }
            #expect(try await store.response("a") == nil)
            try await insertLog(in: store, appending: [0..<5])
            for start in [0, 4, 6, 100] {
                let words = await expectRefusal(.outOfOrder) {
                    try await store.append(Sample.events(start..<start + 3), to: "a")
                }
                #expect(words.contains("with event 5, not with \(start)"))
            }
            try await store.append(Sample.events(5..<6), to: "a")
            #expect(
                try await store.events(of: "a", from: 0, bytesMax: .max) == Sample.events(0..<6)
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func lastEventsAndFinishedObjectAreOneWrite(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await insertLog(in: store, appending: [0..<5])
            let state = Sample.state(of: "a")
            try await store.update("a", to: state, appending: Sample.events(5..<7))
            #expect(try await store.response("a")?.state == state)
            #expect(
                try await store.events(of: "a", from: 4, bytesMax: .max) == Sample.events(4..<7)
            )
        }
    }

    private func insertLog(
        in store: any ResponseStore,
        appending runs: [Range<Int>]
    ) async throws {
        try await store.insert(Sample.response("a", isFinished: false), events: .empty)
        for run in runs { try await store.append(Sample.events(run), to: "a") }
    }
}
