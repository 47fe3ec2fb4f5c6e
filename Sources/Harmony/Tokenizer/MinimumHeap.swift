/// A binary heap of words that gives up its least element first.
struct MinimumHeap {
    private var elements: [UInt64] = []

    /// Adds an element.
    mutating func insert(_ element: UInt64) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if elements[parent] <= element { break }
            elements[child] = elements[parent]
            child = parent
        }
        elements[child] = element
    }

    /// Removes the least element and returns it, or returns nil if there is none.
    mutating func popMinimum() -> UInt64? {
        guard let last = elements.popLast() else { return nil }
        guard let minimum = elements.first else { return last }
        place(last, from: 0)
        return minimum
    }

    /// Puts an element at an index or, while a child is less, below it.
    private mutating func place(_ element: UInt64, from start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < elements.count else { break }
            if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
            if element <= elements[child] { break }
            elements[parent] = elements[child]
            parent = child
        }
        elements[parent] = element
    }
}
