/// Which workers were given something with a key lately.
///
/// Bounded: beyond its limit the key that was used longest ago is forgotten. Each operation takes
/// constant time and, once the index is full, no memory.
struct RecencyIndex {
    /// Workers by number, as bits.
    typealias Workers = UInt64

    private struct Node {
        var key: UInt64
        var workers: Workers
        var newer: Int32
        var older: Int32
    }

    /// No node.
    private static let none: Int32 = -1

    private let keysMax: Int
    private var nodes: [Node] = []
    private var places: [UInt64: Int32] = [:]
    private var newest = none
    private var oldest = none

    /// - Parameter keysMax: the most keys that are remembered.
    init(keysMax: Int) {
        precondition(keysMax > 0, "an index of no keys")
        self.keysMax = keysMax
    }

    /// The number of keys that are remembered.
    var count: Int { nodes.count }

    /// The workers of a key; asking is no use of it.
    func workers(for key: UInt64) -> Workers {
        places[key].map { nodes[Int($0)].workers } ?? 0
    }

    /// Adds a worker to those of a key, which is the newest from now on.
    mutating func insert(_ worker: Int, for key: UInt64) {
        nodes[Int(use(key))].workers |= 1 << worker
    }

    /// Makes a worker the only one of a key, which is the newest from now on.
    mutating func assign(_ worker: Int, to key: UInt64) {
        nodes[Int(use(key))].workers = 1 << worker
    }

    /// Takes a worker away from all keys.
    mutating func forget(_ worker: Int) {
        for index in nodes.indices { nodes[index].workers &= ~(1 << worker) }
    }

    /// Makes a key the newest, in place of the oldest if it is new and there is no room.
    private mutating func use(_ key: UInt64) -> Int32 {
        if let place = places[key] {
            guard place != newest else { return place }
            unlink(place)
            link(place)
            return place
        }
        let place = freePlace(for: key)
        places[key] = place
        link(place)
        return place
    }

    private mutating func freePlace(for key: UInt64) -> Int32 {
        let fresh = Node(key: key, workers: 0, newer: Self.none, older: Self.none)
        guard nodes.count == keysMax else {
            nodes.append(fresh)
            return Int32(nodes.count - 1)
        }
        let place = oldest
        unlink(place)
        places[nodes[Int(place)].key] = nil
        nodes[Int(place)] = fresh
        return place
    }

    private mutating func link(_ place: Int32) {
        nodes[Int(place)].newer = Self.none
        nodes[Int(place)].older = newest
        if newest != Self.none { nodes[Int(newest)].newer = place }
        newest = place
        if oldest == Self.none { oldest = place }
    }

    private mutating func unlink(_ place: Int32) {
        let (newer, older) = (nodes[Int(place)].newer, nodes[Int(place)].older)
        if newer == Self.none { newest = older } else { nodes[Int(newer)].older = older }
        if older == Self.none { oldest = newer } else { nodes[Int(older)].newer = newer }
    }
}
