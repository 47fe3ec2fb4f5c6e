import HocketEngine
import HocketStore
import Testing

/// A response is read together with all that it continues, in every store.
@Suite
struct ChainTests {
    @Test(arguments: StoreKind.allCases)
    func chainIsReadOldestFirst(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let chain = try await insertChain(of: 5, in: store)
            try await store.insert(Sample.response("aside", after: "1"), events: .empty)
            for end in chain.indices {
                #expect(
                    try await store.chain(endingAt: "\(end)", limits: ChainLimits())
                        == Array(chain[...end])
                )
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func unknownEndIsNotFound(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let words = await expectRefusal(.notFound) {
                _ = try await store.chain(endingAt: "x", limits: ChainLimits())
            }
            #expect(words == "notFound: response x is not stored")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func brokenChainNamesTheMissingLink(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await insertChain(of: 5, in: store)
            _ = try await store.delete("2")
            let words = await expectRefusal(.notFound) {
                _ = try await store.chain(endingAt: "4", limits: ChainLimits())
            }
            #expect(words == "notFound: response 2, which 3 continues, is not stored")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func chainIsBoundedByCountAndBytes(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let chain = try await insertChain(of: 5, in: store)
            let bytes = chain.map(\.byteCount).reduce(0, +)
            let exact = ChainLimits(responsesMax: 5, bytesMax: bytes)
            #expect(try await store.chain(endingAt: "4", limits: exact) == chain)
            let fewer = ChainLimits(responsesMax: 4, bytesMax: bytes)
            let words = await expectRefusal(.tooLarge) {
                _ = try await store.chain(endingAt: "4", limits: fewer)
            }
            #expect(words.contains("max: 4 responses, \(bytes) bytes; read: 5 responses"))
            let smaller = ChainLimits(responsesMax: 5, bytesMax: bytes - 1)
            await expectRefusal(.tooLarge) {
                _ = try await store.chain(endingAt: "4", limits: smaller)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func chainThatBitesItsTailEnds(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.response("a", after: "b"), events: .empty)
            try await store.insert(Sample.response("b", after: "a"), events: .empty)
            await expectRefusal(.tooLarge) {
                _ = try await store.chain(endingAt: "a", limits: ChainLimits())
            }
        }
    }

    private func insertChain(
        of count: Int,
        in store: any ResponseStore
    ) async throws -> [StoredResponse] {
        let chain = (0..<count).map { number in
            Sample.response("\(number)", after: number == 0 ? nil : "\(number - 1)")
        }
        for response in chain { try await store.insert(response, events: .empty) }
        return chain
    }
}
