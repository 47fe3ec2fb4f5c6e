import Harmony

extension JSONValue {
    /// The part of this schema that a local reference names (RFC 6901), nil if there is none.
    func part(at reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var target = self
        for token in reference.dropFirst().split(separator: "/") {
            let key = String(token).replacing("~1", with: "/").replacing("~0", with: "~")
            let element = Int(key).flatMap { index in
                target.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            }
            guard let next = target[key] ?? element else { return nil }
            target = next
        }
        return target
    }
}
