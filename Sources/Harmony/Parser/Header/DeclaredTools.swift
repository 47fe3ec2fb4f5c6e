/// The functions a model was offered, to recognise calls that it misspells.
struct DeclaredTools: Sendable {
    private static let prefix = "functions."

    private let names: Set<String>

    /// - Parameter names: Function names, with or without `functions.`.
    init(_ names: Set<String>) {
        self.names = Set(names.map { String(Self.bare($0)) })
    }

    var isEmpty: Bool { names.isEmpty }

    /// Whether a word is the name of a declared function, with or without `functions.`.
    func contains(_ name: String) -> Bool { names.contains(String(Self.bare(name))) }

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
        let full = Self.prefix + name
        if names.contains(String(name)) {
            return full == recipient ? nil : Resolution(recipient: full)
        }
        for type in ["json", "code"] {
            guard let stem = name.removing(suffix: type), names.contains(String(stem)) else {
                continue
            }
            return Resolution(recipient: Self.prefix + stem, contentType: type)
        }
        let isRepeated = recipient.removing(prefix: Self.prefix + Self.prefix) != nil
        return isRepeated ? Resolution(recipient: full) : nil
    }

    /// A name without `functions.`, however often it stands there.
    private static func bare(_ name: String) -> Substring {
        var rest = name[...]
        while let next = rest.removing(prefix: prefix) { rest = next }
        return rest
    }
}
