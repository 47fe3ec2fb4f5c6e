// Headers are read scalar by scalar. `hasPrefix` and `Character` would take a combining mark after
// a marker, a `=` or a brace for a part of it.

extension Unicode.Scalar {
    /// Whether the scalar is Unicode white space.
    var isSpace: Bool {
        isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
    }
}

extension StringProtocol where SubSequence == Substring {
    /// What follows a prefix, nil if the text does not begin with it.
    func removing(prefix: String) -> Substring? {
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }

    /// What precedes a suffix, nil if the text does not end with it.
    func removing(suffix: String) -> Substring? {
        guard utf8.reversed().starts(with: suffix.utf8.reversed()) else { return nil }
        return self[..<utf8.index(endIndex, offsetBy: -suffix.utf8.count)]
    }

    /// What precedes the first scalar that meets a condition; everything if none does.
    func prefix(upTo isEnd: (Unicode.Scalar) -> Bool) -> Substring {
        self[..<(unicodeScalars.firstIndex(where: isEnd) ?? endIndex)]
    }

    /// What precedes the first two scalars that spell a marker's beginning, `<|`.
    var beforeMarker: Substring {
        var end = utf8.startIndex
        while let less = utf8[end...].firstIndex(of: UInt8(ascii: "<")) {
            end = utf8.index(after: less)
            if utf8[end...].first == UInt8(ascii: "|") { return self[..<less] }
        }
        return self[...]
    }

    /// The text without Unicode white space at its beginning.
    var withoutLeadingSpace: Substring {
        self[(unicodeScalars.firstIndex { !$0.isSpace } ?? endIndex)...]
    }

    /// The text without Unicode white space at both ends.
    var trimmed: Substring {
        guard let last = unicodeScalars.lastIndex(where: { !$0.isSpace }) else { return "" }
        return self[...last].withoutLeadingSpace
    }

    /// Whether the text is empty or white space.
    var isBlank: Bool { unicodeScalars.allSatisfy(\.isSpace) }
}
