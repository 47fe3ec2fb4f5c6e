public import HocketWire

/// What belongs to each open stream of a connection, found by the stream's id.
///
/// It relies on what the protocol says of ids: they are given out in rising order, so that a new
/// stream stands last, and a STEP names its streams in rising order too, so that the one asked for
/// mostly stands right after the one before. That one is found by a single comparison, any other
/// by halving; nothing is hashed.
@usableFromInline
struct StreamTable<Element> {
    /// The ids, rising.
    @usableFromInline var ids: [StreamID] = []
    /// What belongs to them, in the same order.
    @usableFromInline var elements: [Element] = []
    /// Where the next stream is looked for first.
    @usableFromInline var nextIndex = 0

    /// The number of streams.
    var count: Int { ids.count }

    /// Where a stream stands; nil when it is not there.
    @inlinable
    mutating func index(of id: StreamID) -> Int? {
        if nextIndex >= ids.count { nextIndex = 0 }
        guard nextIndex < ids.count, ids[nextIndex].rawValue == id.rawValue else {
            return search(id)
        }
        defer { nextIndex += 1 }
        return nextIndex
    }

    /// Finds a stream by halving.
    @usableFromInline
    mutating func search(_ id: StreamID) -> Int? {
        let index = ids.partitioningIndex { $0 >= id }
        guard index < ids.count, ids[index] == id else { return nil }
        nextIndex = index + 1
        return index
    }

    /// Adds a stream, which is newer than all the others.
    mutating func append(_ element: Element, for id: StreamID) {
        precondition(ids.last.map { $0 < id } ?? true, "stream \(id) is not the newest")
        ids.append(id)
        elements.append(element)
    }

    /// Takes a stream out.
    mutating func remove(at index: Int) -> Element {
        ids.remove(at: index)
        return elements.remove(at: index)
    }

    /// Takes a stream out, if it is there.
    mutating func remove(_ id: StreamID) -> Element? {
        index(of: id).map { remove(at: $0) }
    }

    /// Takes those streams out of which a condition holds.
    ///
    /// - Returns: what belonged to them, the oldest first.
    mutating func removeAll(where holds: (StreamID, Element) -> Bool) -> [Element] {
        var (kept, removed) = (StreamTable(), [Element]())
        for (id, element) in zip(ids, elements) {
            if holds(id, element) {
                removed.append(element)
            } else {
                kept.append(element, for: id)
            }
        }
        self = kept
        return removed
    }
}

extension Array {
    /// The first index from which on a condition holds, in an array that is ordered by it.
    fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
