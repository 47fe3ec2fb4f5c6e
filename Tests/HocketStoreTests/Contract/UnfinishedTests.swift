import HocketEngine
import HocketStore
import Testing

/// What nobody finished is found, in every store.
@Suite
struct UnfinishedTests {
    @Test(arguments: StoreKind.allCases)
    func unfinishedResponsesAreListedOldestFirst(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await insertSome(in: store)
            #expect(
                try await store.unfinished() == [
                    UnfinishedResponse(id: "late but old", eventCount: 3),
                    UnfinishedResponse(id: "logged", eventCount: 5),
                    UnfinishedResponse(id: "plain", eventCount: 0),
                ]
            )
            try await store.update("plain", to: Sample.state(of: "plain"), appending: .empty)
            _ = try await store.delete("logged")
            #expect(try await store.unfinished().map(\.id) == ["late but old"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func unfinishedResponsesAreEnded(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await insertSome(in: store)
            let ended = try await store.endUnfinished { response, next in
                let events = next == 0 ? EventRun.empty : Sample.events(next..<next + 1)
                return (failed(response), events)
            }
            #expect(ended == 3)
            #expect(try await store.unfinished().isEmpty)
            #expect(try await store.response("plain")?.state.status == "failed")
            #expect(try await store.response("finished") == Sample.response("finished"))
            #expect(
                try await store.events(of: "logged", from: 0, bytesMax: .max)
                    == Sample.events(0..<6)
            )
            #expect(try await store.endUnfinished { response, _ in (response.state, .empty) } == 0)
        }
    }

    private func insertSome(in store: any ResponseStore) async throws {
        let old = Sample.response("late but old", createdAt: Sample.time - 9, isFinished: false)
        try await store.insert(Sample.response("finished"), events: .empty)
        try await store.insert(
            Sample.response("logged", isFinished: false),
            events: Sample.events(0..<5)
        )
        try await store.insert(Sample.response("plain", isFinished: false), events: .empty)
        try await store.insert(old, events: Sample.events(0..<3))
    }

    private func failed(_ response: StoredResponse) -> ResponseState {
        var state = response.state
        state.status = "failed"
        state.isFinished = true
        return state
    }
}
