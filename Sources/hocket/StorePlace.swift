import SystemPackage

/// Where responses are kept.
enum StorePlace {
    /// In memory, until the router ends.
    case memory
    /// In an SQLite file.
    case file(String)

    /// Reads the word `memory` or the path of a file.
    init(_ string: String) {
        self = string == "memory" ? .memory : .file(string)
    }

    /// The file of the key with which reasoning is encrypted, beside that of the responses; nil
    /// where nothing outlives the router.
    var reasoningKey: ReasoningKeyFile? {
        switch self {
        case .memory: nil
        case .file(let path):
            ReasoningKeyFile(
                path: FilePath(path).removingLastComponent().appending("reasoning.key").string
            )
        }
    }
}
