/// What tracing systems say to each other along a trace: the `tracestate` field of W3C Trace
/// Context, which is passed on as it came.
public struct TraceState: Hashable, Sendable {
    /// The most members that a list may have.
    private static let membersMax = 32
    /// A list is passed on up to this length; behind it whole members are left out, those at the
    /// end first, which are the oldest.
    private static let bytesMax = 512

    /// The value of the field; empty for none.
    public let text: String

    /// Nothing to say.
    public init() { text = "" }

    /// Reads the values of all fields of one request; nil if they are no list.
    ///
    /// The trace is as good without it, so that one which is refused costs nothing else.
    public init?(fields: [some StringProtocol]) {
        let members = fields.flatMap { $0.split(separator: ",") }
            .map { Array($0.utf8).trimmingSpaces }
            .filter { !$0.isEmpty }
        guard members.count <= Self.membersMax, members.allSatisfy(\.isMember),
            Set(members.map { $0.prefix { $0 != UInt8(ascii: "=") } }).count == members.count
        else { return nil }
        var bytes: [UInt8] = []
        for member in members {
            guard bytes.count + member.count + 1 <= Self.bytesMax else { break }
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += member
        }
        text = String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Without the spaces and tabs around it.
    fileprivate var trimmingSpaces: ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return [] }
        return start[...last]
    }
}

extension ArraySlice<UInt8> {
    private static let keyBytesMax = 256
    private static let valueBytesMax = 256

    /// Whether it is `key=value`: the key of small letters, digits and `_-*/@`, the value of
    /// visible characters and spaces but for the comma and the equals sign.
    fileprivate var isMember: Bool {
        guard let equals = firstIndex(of: UInt8(ascii: "=")) else { return false }
        let (key, value) = (self[..<equals], self[(equals + 1)...])
        return 1...Self.keyBytesMax ~= key.count && 1...Self.valueBytesMax ~= value.count
            && key.first.map(\.beginsKey) == true && key.allSatisfy(\.isInKey)
            && value.allSatisfy { 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "=") }
    }
}

extension UInt8 {
    fileprivate var beginsKey: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= self
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= self
    }

    fileprivate var isInKey: Bool { beginsKey || "_-*/@".utf8.contains(self) }
}
