import HocketEngine
import HocketStore
import Testing

/// What is written is what is read, in every store.
@Suite
struct StoredResponseTests {
    @Test(arguments: StoreKind.allCases)
    func responseIsReadAsItWasInserted(_ kind: StoreKind) async throws {
        let response = StoredResponse(
            id: "resp_ü'\"%",
            previousID: "resp_0",
            conversationID: "conv_1",
            createdAt: Sample.time,
            dialect: "ü",
            inputItems: Array(0...255),
            state: ResponseState(
                status: "queued",
                isFinished: false,
                updatedAt: Sample.time + 3,
                object: Array((0...255).reversed())
            )
        )
        let plain = Sample.response("resp_plain", objectBytes: 0)
        try await kind.withStore { store in
            try await store.insert(response, events: .empty)
            try await store.insert(plain, events: .empty)
            #expect(try await store.response(response.id) == response)
            #expect(try await store.response(plain.id) == plain)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func unknownResponseIsAbsent(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let found = try await store.response("resp_1")
            #expect(found == nil)
            #expect(try await store.delete("resp_1") == false)
            await expectRefusal(.notFound) {
                try await store.update("resp_1", to: Sample.state(of: "a"), appending: .empty)
            }
            await expectRefusal(.notFound) { try await store.append(.empty, to: "resp_1") }
            await expectRefusal(.notFound) {
                _ = try await store.events(of: "resp_1", from: 0, bytesMax: 1)
            }
            #expect(try await store.usage() == StoreUsage())
        }
    }

    @Test(arguments: StoreKind.allCases)
    func secondResponseOfAnIDIsRefused(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.response("a"), events: Sample.events(0..<2))
            await expectRefusal(.alreadyExists) {
                try await store.insert(
                    Sample.response("a", after: "b", objectBytes: 5),
                    events: .empty
                )
            }
            #expect(try await store.response("a") == Sample.response("a"))
            #expect(
                try await store.events(of: "a", from: 0, bytesMax: .max) == Sample.events(0..<2)
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func updateReplacesTheStateAndNothingElse(_ kind: StoreKind) async throws {
        var expected = Sample.response("a", after: "b", isFinished: false)
        let sizes = [90, 5, 5_000, 0]
        try await kind.withStore { store in
            try await store.insert(expected, events: .empty)
            for size in sizes {
                expected.state = Sample.state(of: "a", objectBytes: size)
                expected.state.updatedAt += size
                try await store.update("a", to: expected.state, appending: .empty)
                #expect(try await store.response("a") == expected)
                #expect(
                    try await store.usage()
                        == StoreUsage(responses: 1, bytes: expected.byteCount)
                )
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func updateWithEventsThatDoNotFitChangesNothing(_ kind: StoreKind) async throws {
        let response = Sample.response("a", isFinished: false)
        try await kind.withStore { store in
            try await store.insert(response, events: Sample.events(0..<3))
            await expectRefusal(.outOfOrder) {
                let state = Sample.state(of: "b", objectBytes: 9)
                try await store.update("a", to: state, appending: Sample.events(4..<5))
            }
            #expect(try await store.response("a") == response)
            #expect(
                try await store.events(of: "a", from: 0, bytesMax: .max) == Sample.events(0..<3)
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deletedResponseIsAbsentAndItsIDFree(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.response("a"), events: Sample.events(0..<3))
            try await store.insert(Sample.response("b"), events: .empty)
            #expect(try await store.delete("a"))
            #expect(try await store.delete("a") == false)
            #expect(try await store.response("a") == nil)
            await expectRefusal(.notFound) {
                try await store.append(Sample.events(3..<4), to: "a")
            }
            await expectRefusal(.notFound) {
                try await store.update("a", to: Sample.state(of: "a"), appending: .empty)
            }
            let left = StoreUsage(responses: 1, bytes: Sample.response("b").byteCount)
            #expect(try await store.usage() == left)
            try await store.insert(Sample.response("a", objectBytes: 1), events: .empty)
            #expect(try await store.events(of: "a", from: 0, bytesMax: .max).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func writesAreCarriedOutThoughTheTaskIsCancelled(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.response("a", isFinished: false), events: .empty)
            let leaving = Task {
                while !Task.isCancelled { await Task.yield() }
                let state = Sample.state(of: "a")
                try await store.update("a", to: state, appending: Sample.events(0..<1))
                try await store.insert(Sample.response("b"), events: .empty)
            }
            leaving.cancel()
            try await leaving.value
            #expect(try await store.response("a") == Sample.response("a"))
            #expect(try await store.response("b") == Sample.response("b"))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func manyTasksWriteAtOnce(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await withThrowingTaskGroup { group in
                for task in 0..<8 {
                    group.addTask { try await write(20, asTask: task, to: store) }
                }
                try await group.waitForAll()
            }
            #expect(try await store.usage().responses == 160)
            for task in 0..<8 {
                let log = try await store.events(of: "\(task)-19", from: 0, bytesMax: .max)
                #expect(log == Sample.events(0..<6))
            }
        }
    }

    private func write(_ count: Int, asTask task: Int, to store: any ResponseStore) async throws {
        for number in 0..<count {
            let id = "\(task)-\(number)"
            let response = Sample.response(id, isFinished: false)
            try await store.insert(response, events: Sample.events(0..<2))
            try await store.append(Sample.events(2..<5), to: id)
            let state = Sample.state(of: id)
            try await store.update(id, to: state, appending: Sample.events(5..<6))
            #expect(try await store.response(id) == Sample.response(id))
        }
    }
}
