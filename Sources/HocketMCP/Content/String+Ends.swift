extension String {
    /// The text, or as much of its beginning as so many bytes hold, and how much is missing.
    func cut(toBytes bytesMax: Int) -> String {
        let kept = prefix(within: bytesMax)
        let leftOut = utf8.count - kept.utf8.count
        return leftOut == 0 ? self : kept + LongString.marker(leftOut)
    }

    /// The longest prefix of at most so many bytes that cuts no scalar.
    func prefix(within bytes: Int) -> Substring {
        guard var end = utf8.index(startIndex, offsetBy: bytes, limitedBy: endIndex) else {
            return self[...]
        }
        while end > startIndex, isInsideScalar(end) { utf8.formIndex(before: &end) }
        return self[..<end]
    }

    /// The longest suffix of at most so many bytes that cuts no scalar.
    func suffix(within bytes: Int) -> Substring {
        guard var start = utf8.index(endIndex, offsetBy: -bytes, limitedBy: startIndex) else {
            return self[...]
        }
        while start < endIndex, isInsideScalar(start) { utf8.formIndex(after: &start) }
        return self[start...]
    }

    private func isInsideScalar(_ index: Index) -> Bool {
        index < endIndex && utf8[index] & 0b1100_0000 == 0b1000_0000
    }
}
