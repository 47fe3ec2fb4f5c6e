extension PieceScanner {
    /// The end of the piece of white space at an index.
    ///
    /// White space up to its last newline is one piece. Without a newline it leaves its last
    /// character to what follows, unless nothing follows or it is a single character.
    func spaceEnd(from start: Int) -> Int {
        var index = start
        var last = start
        var endOfNewlines: Int?
        while index < bytes.count {
            let (character, next) = character(at: index)
            if character.isDisjoint(with: .anySpace) { break }
            last = index
            index = next
            if character == .newline { endOfNewlines = next }
        }
        if let endOfNewlines { return endOfNewlines }
        return index == bytes.count || last == start ? index : last
    }
}
