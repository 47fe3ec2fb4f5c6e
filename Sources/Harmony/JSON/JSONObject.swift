/// The members of a JSON object in the order in which they were written.
///
/// Keys are unique. They are told apart by their UTF-8 bytes, so `é` written with one scalar and
/// with two are two keys, as in every other JSON reader (`String` alone calls them equal). When a
/// text holds a key twice, the last value wins and keeps the place of the first, as in
/// `serde_json`, which the reference reads with.
///
/// Equality takes the order into account, since the order is part of what the model is shown.
public struct JSONObject: Sendable {
    /// One key and its value.
    public struct Member: Hashable, Sendable {
        /// The key, unescaped.
        public let key: String
        /// The value.
        public var value: JSONValue
    }

    /// All members, in order.
    public private(set) var members: [Member] = []

    /// Where each key is, once there are too many members to search them one by one or the text
    /// held a key twice.
    private var places: [ExactKey: Place]?

    private struct Place {
        var position: Int
        var isRepeated = false
    }

    /// Up to this many members a search through the array is faster than hashing a key.
    private static let searchedMembersMax = 16

    /// Creates an object without members.
    public init() {}

    /// The value of a key, nil if there is none.
    ///
    /// Setting appends a new key at the end, and leaves a known one in its place. Setting nil
    /// removes the member. A search takes constant time, a removal time linear in the number of
    /// members.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Whether the text that this object was parsed from held a key more than once.
    ///
    /// RFC 8259 §4 leaves such texts to the reader. Formats that refuse them can do so with this.
    public func isRepeated(_ key: String) -> Bool {
        places?[ExactKey(text: key)]?.isRepeated ?? false
    }

    /// Adds a member as a text has it, and remembers whether the key was there before.
    mutating func read(_ key: String, _ value: JSONValue) {
        guard let position = position(of: key) else {
            return append(Member(key: key, value: value))
        }
        members[position].value = value
        if places == nil { index() }
        places?[ExactKey(text: key)]?.isRepeated = true
    }

    /// The same keys in the same order, with other values.
    public func mapValues(_ transform: (JSONValue) -> JSONValue) -> JSONObject {
        var object = self
        for position in members.indices {
            object.members[position].value = transform(members[position].value)
        }
        return object
    }

    private func position(of key: String) -> Int? {
        guard let places else {
            return members.firstIndex { ExactKey(text: $0.key) == ExactKey(text: key) }
        }
        return places[ExactKey(text: key)]?.position
    }

    private mutating func append(_ member: Member) {
        members.append(member)
        places?[ExactKey(text: member.key)] = Place(position: members.count - 1)
        if places == nil, members.count > Self.searchedMembersMax { index() }
    }

    private mutating func remove(at position: Int) {
        members.remove(at: position)
        if places != nil { index() }
    }

    private mutating func index() {
        var places: [ExactKey: Place] = [:]
        for (position, member) in members.enumerated() {
            let key = ExactKey(text: member.key)
            places[key] = Place(position: position, isRepeated: isRepeated(member.key))
        }
        self.places = places
    }
}

extension JSONObject: Hashable {
    /// Whether both hold the same members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members == right.members
    }

    /// Hashes the members in order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(members)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object, its members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }
}

/// A key that is equal to another only if their UTF-8 bytes are.
private struct ExactKey: Hashable {
    let text: String

    static func == (left: ExactKey, right: ExactKey) -> Bool {
        // `String` equality is the faster of the two and true for equal bytes, so it comes first.
        left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
