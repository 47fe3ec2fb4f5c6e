import HocketEngine
import HocketStore
import Testing

@Suite
struct ConversationTests {
    @Test(arguments: StoreKind.allCases)
    func isKeptWithItsItemsInTheirOrder(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let conversation = Sample.conversation("c")
            try await store.insert(conversation, items: Sample.items(0..<2))
            try await store.append(Sample.items(2..<4), toConversation: "c")
            #expect(try await store.conversation("c") == conversation)
            #expect(try await store.items(ofConversation: "c") == Sample.items(0..<4))
            #expect(try await store.item("i3") == Sample.items(3..<4)[0])
            #expect(try await store.item("i4") == nil)
            #expect(try await store.conversation("d") == nil)
            #expect(try await store.items(ofConversation: "d") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func roomIsKnownBeforeItIsTaken(_ kind: StoreKind) async throws {
        let limits = ConversationLimits(itemsMax: 3)
        try await kind.withStore(conversationLimits: limits) { store in
            try await store.insert(Sample.conversation("c"), items: Sample.items(0..<1))
            try await store.checkRoom(for: Sample.items(1..<3), inConversation: "c")
            await expectRefusal(.tooLarge) {
                try await store.checkRoom(for: Sample.items(1..<4), inConversation: "c")
            }
            await expectRefusal(.notFound) {
                try await store.checkRoom(for: [], inConversation: "d")
            }
            #expect(try await store.items(ofConversation: "c") == Sample.items(0..<1))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func losesAnItemAlone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.conversation("c"), items: Sample.items(0..<3))
            #expect(try await store.deleteItem("i1", ofConversation: "c"))
            #expect(try await !store.deleteItem("i1", ofConversation: "c"))
            #expect(try await !store.deleteItem("i1", ofConversation: "d"))
            try await store.append(Sample.items(3..<4), toConversation: "c")
            let items = try await store.items(ofConversation: "c")
            #expect(items?.map(\.id) == ["i0", "i2", "i3"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func changesItsMetadata(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.conversation("c"), items: [])
            let metadata = Array(#"{"a":"b"}"#.utf8)
            try await store.updateConversation("c", metadata: metadata)
            #expect(try await store.conversation("c")?.metadata == metadata)
            await expectRefusal(.notFound) {
                try await store.updateConversation("d", metadata: metadata)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func isGoneWithItsItems(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.conversation("c"), items: Sample.items(0..<3))
            #expect(try await store.deleteConversation("c"))
            #expect(try await !store.deleteConversation("c"))
            #expect(try await store.item("i1") == nil)
            await expectRefusal(.notFound) {
                try await store.append(Sample.items(0..<1), toConversation: "c")
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func isNotMadeTwice(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.conversation("c"), items: [])
            await expectRefusal(.alreadyExists) {
                try await store.insert(Sample.conversation("c"), items: Sample.items(0..<1))
            }
            #expect(try await store.items(ofConversation: "c") == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func growsInTheStepThatFinishesAResponse(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.insert(Sample.conversation("c"), items: Sample.items(0..<1))
            var response = Sample.response("r", isFinished: false)
            response.conversationID = "c"
            try await store.insert(response, events: .empty)
            try await store.update(
                "r",
                to: Sample.state(of: "r"),
                appending: .empty,
                adding: Sample.items(1..<3)
            )
            response.id = "s"
            try await store.insert(response, events: .empty, adding: Sample.items(3..<4))
            #expect(try await store.items(ofConversation: "c") == Sample.items(0..<4))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func responseIsKeptWhoseConversationIsGone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var response = Sample.response("r")
            response.conversationID = "c"
            try await store.insert(response, events: .empty, adding: Sample.items(0..<1))
            #expect(try await store.response("r") == response)
        }
    }

    /// The write as a whole is refused: neither the response nor its items are kept.
    @Test(arguments: StoreKind.allCases)
    func refusesMoreItemsThanAllowed(_ kind: StoreKind) async throws {
        let limits = ConversationLimits(itemsMax: 3)
        try await kind.withStore(conversationLimits: limits) { store in
            try await store.insert(Sample.conversation("c"), items: Sample.items(0..<2))
            let words = await expectRefusal(.tooLarge) {
                try await store.append(Sample.items(2..<4), toConversation: "c")
            }
            #expect(words.contains("max: 3 items"))
            #expect(words.contains("actual: 4 items"))
            var response = Sample.response("r")
            response.conversationID = "c"
            await expectRefusal(.tooLarge) { [response] in
                try await store.insert(response, events: .empty, adding: Sample.items(2..<4))
            }
            #expect(try await store.response("r") == nil)
            #expect(try await store.items(ofConversation: "c")?.count == 2)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func forgetsWhatWasWrittenTheLongestAgo(_ kind: StoreKind) async throws {
        let limits = ConversationLimits(conversationsMax: 2)
        try await kind.withStore(conversationLimits: limits) { store in
            try await store.insert(Sample.conversation("a"), items: [])
            try await store.insert(Sample.conversation("b"), items: [])
            try await store.append(Sample.items(0..<1), toConversation: "a")
            try await store.insert(Sample.conversation("c"), items: [])
            #expect(try await store.conversation("a") != nil)
            #expect(try await store.conversation("b") == nil)
            #expect(try await store.conversation("c") != nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func forgetsWhatIsTooMuchTogether(_ kind: StoreKind) async throws {
        let bytes = Sample.items(0..<4).reduce(2) { $0 + $1.json.count }
        let limits = ConversationLimits(bytesMax: bytes + 10)
        try await kind.withStore(conversationLimits: limits) { store in
            try await store.insert(Sample.conversation("a"), items: Sample.items(0..<2))
            try await store.insert(Sample.conversation("b"), items: Sample.items(0..<4))
            #expect(try await store.conversation("a") == nil)
            #expect(try await store.items(ofConversation: "b")?.count == 4)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func isForgottenWhenNobodyWritesToIt(_ kind: StoreKind) async throws {
        let clock = SettableClock()
        try await kind.withStore(limits: StoreLimits(ageSecondsMax: 10), clock: clock) { store in
            try await store.insert(Sample.conversation("a"), items: Sample.items(0..<1))
            try await store.insert(Sample.conversation("b"), items: [])
            clock.advance(bySeconds: 8)
            try await store.append(Sample.items(1..<2), toConversation: "b")
            clock.advance(bySeconds: 8)
            #expect(try await store.conversation("a") == nil)
            #expect(try await store.items(ofConversation: "a") == nil)
            #expect(try await store.item("i0") == nil)
            try await store.insert(Sample.conversation("a"), items: [])
            #expect(try await store.items(ofConversation: "b")?.count == 1)
        }
    }
}

extension Sample {
    static func conversation(_ id: String) -> StoredConversation {
        StoredConversation(id: id, createdAt: time, metadata: Array("{}".utf8))
    }

    static func items(_ numbers: Range<Int>) -> [StoredItem] {
        numbers.map { StoredItem(id: "i\($0)", json: Array(#"{"n":\#($0)}"#.utf8)) }
    }
}
