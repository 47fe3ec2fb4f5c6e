import Synchronization

/// The keys that hold now; they can be exchanged while requests come in.
public final class APIKeyRing: Sendable {
    private let keys: Mutex<APIKeys>

    /// Begins with these keys.
    public init(_ keys: APIKeys) {
        self.keys = Mutex(keys)
    }

    /// Lets other keys hold from now on; requests that were let in go on.
    public func replace(with keys: APIKeys) {
        self.keys.withLock { $0 = keys }
    }

    /// Whether a key holds now.
    func admit(_ key: some StringProtocol) -> Bool {
        keys.withLock { $0 }.admit(key)
    }
}
