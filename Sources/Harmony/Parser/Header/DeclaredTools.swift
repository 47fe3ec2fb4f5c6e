/// The functions a model was offered, to recognise calls that it misspells.
struct DeclaredTools: Sendable {
    private static let prefix = "functions."

    private let names: Set<String>

    /// - Parameter names: Function names, with or without `functions.`.
    init(_ names: Set<String>) {
        self.names = Set(names.map { Self.bare($0) })
    }

    var isEmpty: Bool { names.isEmpty }

    /// Whether a word is the name of a declared function, with or without `functions.`.
    func contains(_ name: String) -> Bool { names.contains(Self.bare(name)) }

    /// What a recipient was meant to be.
    struct Resolution: Equatable {
        var recipient: String
        /// The content type that was glued to the name.
        var contentType: String?
    }

    /// Finds the function a recipient stands for: the prefix may be missing or repeated
    /// (vllm#42454) and the content type may be glued to the name (llama.cpp#15158).
    ///
    /// - Returns: nil if the recipient is right as it is, or nothing is known of it.
    func resolve(_ recipient: String) -> Resolution? {
        let name = Self.bare(recipient)
        if names.contains(name) {
            let full = Self.prefix + name
            return full == recipient ? nil : Resolution(recipient: full)
        }
        for type in ["json", "code"] where name.hasSuffix(type) {
            let stem = String(name.dropLast(type.count))
            guard names.contains(stem) else { continue }
            return Resolution(recipient: Self.prefix + stem, contentType: type)
        }
        guard recipient.hasPrefix(Self.prefix + Self.prefix) else { return nil }
        return Resolution(recipient: Self.prefix + name)
    }

    private static func bare(_ name: String) -> String {
        var rest = name[...]
        while rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        return String(rest)
    }
}
