import HocketEngine

/// One use of a store.
enum StoreCall: Sendable {
    case insert(StoredResponse, EventRun)
    case update(String, ResponseState, EventRun)
    case append(EventRun, String)
    case delete(String)
    case response(String)
    case chain(String)
    case events(String, from: Int, bytesMax: Int)
    case unfinished
    case insertConversation(String, [StoredItem])
    case appendItems([StoredItem], String)
    case deleteConversation(String)
    case deleteItem(String, String)
    case items(String)
    case item(String)

    /// What a store says to it.
    enum Answer: Hashable, Sendable {
        case done
        case wasThere(Bool)
        case response(StoredResponse?)
        case responses([StoredResponse])
        case events(EventRun)
        case unfinished([UnfinishedResponse])
        case items([StoredItem]?)
        case refused(StoreError)
    }

    func answer(of store: some ResponseStore) async -> Answer {
        do throws(StoreError) {
            switch self {
            case .insert(let response, let events):
                try await store.insert(response, events: events)
            case .update(let id, let state, let events):
                try await store.update(id, to: state, appending: events)
            case .append(let events, let id):
                try await store.append(events, to: id)
            case .delete(let id):
                return .wasThere(try await store.delete(id))
            case .response(let id):
                return .response(try await store.response(id))
            case .chain(let id):
                let limits = ChainLimits(responsesMax: 4, bytesMax: 1_500)
                return .responses(try await store.chain(endingAt: id, limits: limits))
            case .events(let id, let first, let bytesMax):
                return .events(try await store.events(of: id, from: first, bytesMax: bytesMax))
            case .unfinished:
                return .unfinished(try await store.unfinished())
            default: return try await conversationAnswer(of: store)
            }
            return .done
        } catch {
            return .refused(error)
        }
    }

    private func conversationAnswer(of store: some ResponseStore) async throws(StoreError) -> Answer
    {
        switch self {
        case .insertConversation(let id, let items):
            try await store.insert(Sample.conversation(id), items: items)
        case .appendItems(let items, let id):
            try await store.append(items, toConversation: id)
        case .deleteConversation(let id):
            return .wasThere(try await store.deleteConversation(id))
        case .deleteItem(let item, let id):
            return .wasThere(try await store.deleteItem(item, ofConversation: id))
        case .items(let id):
            return .items(try await store.items(ofConversation: id))
        case .item(let id):
            return .items(try await store.item(id).map { [$0] })
        default: break
        }
        return .done
    }
}

/// Calls as a seed has them: few ids, so that they meet each other.
struct StoreScript {
    private var random: SeededRandomness
    private var logged: [String: Int] = [:]
    private var itemsSoFar = 0

    init(seed: UInt64) {
        random = SeededRandomness(seed: seed)
    }

    /// How many seconds pass before the next call.
    mutating func pause() -> Int {
        Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0..<40, using: &random) : 0
    }

    mutating func next(at time: Int) -> StoreCall {
        let id = anyID()
        switch Int.random(in: 0..<18, using: &random) {
        case 12...17: return conversationCall()
        case 0...3: return insertion(of: id, at: time)
        case 4, 5: return .append(events(of: id), id)
        case 6, 7: return .update(id, state(), events(of: id))
        case 8: return .delete(id)
        case 9: return .chain(id)
        case 10: return .events(id, from: number(below: 9), bytesMax: number(below: 300) + 1)
        default: return Bool.random(using: &random) ? .response(id) : .unfinished
        }
    }

    /// Items have ids of their own, so that who finds one by its id finds the same.
    private mutating func conversationCall() -> StoreCall {
        let id = "v\(number(below: 8))"
        let first = itemsSoFar
        let count = number(below: 4)
        let items = Sample.items(first..<first + count)
        switch number(below: 8) {
        case 0, 1:
            itemsSoFar += count
            return .insertConversation(id, items)
        case 2, 3:
            itemsSoFar += count
            return .appendItems(items, id)
        case 4: return .deleteConversation(id)
        case 5: return .deleteItem("i\(number(below: itemsSoFar + 1))", id)
        case 6: return .items(id)
        default: return .item("i\(number(below: itemsSoFar + 1))")
        }
    }

    private mutating func insertion(of id: String, at time: Int) -> StoreCall {
        var response = Sample.response(id, createdAt: time - number(below: 30))
        response.previousID = Bool.random(using: &random) ? anyID() : nil
        response.state = state()
        logged[id] = 0
        return .insert(response, number(below: 4) == 0 ? events(of: id) : .empty)
    }

    /// Events that continue a log, except now and then, or when the log was refused or lost.
    private mutating func events(of id: String) -> EventRun {
        let start = logged[id, default: 0] + (number(below: 12) == 0 ? 1 : 0)
        let end = start + number(below: 4)
        logged[id] = end
        return Sample.events(start..<end)
    }

    private mutating func state() -> ResponseState {
        let size = number(below: 40) == 0 ? 4_500 : number(below: 500)
        return Sample.state(of: "r", isFinished: number(below: 3) > 0, objectBytes: size)
    }

    private mutating func anyID() -> String { "r\(number(below: 25))" }

    private mutating func number(below bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &random)
    }
}
