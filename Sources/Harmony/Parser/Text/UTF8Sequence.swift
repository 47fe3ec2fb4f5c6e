/// What the bytes at one place of a text are: a character, a mistake, or the start of a character.
enum UTF8Sequence: Equatable {
    /// A well-formed character of this many bytes.
    case whole(Int)
    /// A maximal ill-formed subpart of this many bytes.
    case illFormed(Int)
    /// The beginning of a character, cut by the end of the bytes.
    case incomplete

    /// Looks at the bytes from an index on (Unicode 16, table 3-7).
    init(_ bytes: Span<UInt8>, at index: Int) {
        let lead = bytes[index]
        guard lead >= 0x80 else {
            self = .whole(1)
            return
        }
        guard let form = Form(lead: lead) else {
            self = .illFormed(1)
            return
        }
        for offset in 1..<form.count {
            guard index + offset < bytes.count else {
                self = .incomplete
                return
            }
            let allowed = offset == 1 ? form.second : 0x80...0xBF
            guard allowed.contains(bytes[index + offset]) else {
                self = .illFormed(offset)
                return
            }
        }
        self = .whole(form.count)
    }

    /// The bytes that may follow a lead byte.
    private struct Form {
        var count: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF

        init?(lead: UInt8) {
            switch lead {
            case 0xC2...0xDF: count = 2
            case 0xE0...0xEF: count = 3
            case 0xF0...0xF4: count = 4
            default: return nil
            }
            switch lead {
            case 0xE0: second = 0xA0...0xBF
            case 0xED: second = 0x80...0x9F
            case 0xF0: second = 0x90...0xBF
            case 0xF4: second = 0x80...0x8F
            default: break
            }
        }
    }
}
