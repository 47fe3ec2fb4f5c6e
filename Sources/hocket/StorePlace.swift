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
}
