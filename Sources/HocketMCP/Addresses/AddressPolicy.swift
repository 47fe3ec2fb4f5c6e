public import HocketEngine

/// Which addresses a server may have that a request brought along.
///
/// Whoever may send a request could otherwise make this host send requests of its own to
/// services that trust it: to itself, to its neighbours, to the cloud's metadata. So only
/// addresses of the public Internet are allowed unless the operator says otherwise. The policy
/// is asked about the address that is connected to, never about a name.
public struct AddressPolicy: Hashable, Sendable {
    /// Networks that the operator allows, whatever they are for.
    public var allowedNetworks: [IPNetwork]
    /// Whether a URL may begin with `http:` also outside the allowed networks.
    public var allowsPlainHTTP: Bool
    /// Whether all addresses are allowed; for servers that the operator configured.
    private var allowsEverything = false

    /// Creates a policy; by default only `https:` to the public Internet.
    public init(allowedNetworks: [IPNetwork] = [], allowsPlainHTTP: Bool = false) {
        self.allowedNetworks = allowedNetworks
        self.allowsPlainHTTP = allowsPlainHTTP
    }

    /// The policy for servers that the operator configured: the URL is the permission.
    public static let configuredByOperator: AddressPolicy = {
        var policy = AddressPolicy(allowsPlainHTTP: true)
        policy.allowsEverything = true
        return policy
    }()

    /// Checks all addresses that a host name stands for.
    ///
    /// One that is forbidden forbids the name: a name with a public and a private address is not
    /// a mistake to be helped with.
    ///
    /// - Parameters:
    ///   - addresses: not empty.
    ///   - isPlain: whether the URL begins with `http:`.
    /// - Throws: ``ToolError`` `notAllowed`.
    public func check(_ addresses: [IPAddress], isPlain: Bool) throws(ToolError) {
        guard !allowsEverything else { return }
        for address in addresses where !isListed(address) {
            let scope = address.scope
            guard scope == .global else {
                throw ToolError(
                    code: .notAllowed,
                    message: "the server's address is not allowed (\(scope.rawValue)); "
                        + "the operator can allow its network"
                )
            }
            guard allowsPlainHTTP || !isPlain else {
                throw ToolError(
                    code: .notAllowed,
                    message: "the server's URL must begin with https:"
                )
            }
        }
    }

    private func isListed(_ address: IPAddress) -> Bool {
        allowedNetworks.contains { $0.contains(address) }
    }
}
