package import NIOCore

extension SeededRandomness {
    /// A number from 0 to just below the bound.
    package func below(_ bound: Int) -> Int {
        precondition(bound > 0, "no number is below \(bound)")
        return Int(next() % UInt64(bound))
    }

    /// A number in a range.
    package func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// Whether something happens that does in so many of a hundred cases.
    package func happens(percent: Int) -> Bool { below(100) < percent }

    /// One of several.
    package func choice<Choices: RandomAccessCollection>(of choices: Choices) -> Choices.Element {
        choices[choices.index(choices.startIndex, offsetBy: below(choices.count))]
    }

    /// A time from nothing to just below the bound.
    package func amount(upTo bound: TimeAmount) -> TimeAmount {
        .nanoseconds(Int64(below(Int(bound.nanoseconds))))
    }
}
