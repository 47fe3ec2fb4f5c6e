/// Who may ask: with which keys, and from which web pages.
public struct HTTPAccess: Sendable {
    /// The keys of which clients must show one; nil if nobody needs any.
    public var keys: APIKeyRing?
    /// The web pages that may ask; nil for none.
    public var crossOrigins: CrossOriginPolicy?

    /// Creates a rule; without anything it lets everybody in, and no web page.
    public init(keys: APIKeyRing? = nil, crossOrigins: CrossOriginPolicy? = nil) {
        self.keys = keys
        self.crossOrigins = crossOrigins
    }
}
