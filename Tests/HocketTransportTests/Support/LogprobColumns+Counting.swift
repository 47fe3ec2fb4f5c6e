import HocketWire

extension LogprobColumns {
    /// A token for each number, its log probability the negative of that, and beside it the ids
    /// from 0 on.
    static func counting(_ numbers: Range<Int>, top: Int) -> LogprobColumns {
        var columns = LogprobColumns(topCount: top)
        for number in numbers {
            columns.append(
                -Float(number),
                top: (0..<top).map { (tokenID: UInt32($0), logprob: -Float(number) - Float($0)) }
            )
        }
        return columns
    }
}
