/// A range of addresses that share their first bits (CIDR, RFC 4632).
public struct IPNetwork: Hashable, Sendable {
    /// The lowest address.
    public let address: IPAddress
    /// How many bits are the same in all of them.
    public let prefixLength: Int

    /// Creates a network.
    ///
    /// - Parameter prefixLength: 0 to 32, or to 128 for IPv6; bits after it are cleared.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.bitCount).contains(prefixLength) else { return nil }
        self.address = address.masked(to: prefixLength)
        self.prefixLength = prefixLength
    }

    /// Reads `address/length`, or an address alone, which is a network of one.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        switch parts.count {
        case 1: self.init(address, prefixLength: address.bitCount)
        case 2:
            guard let length = Int(parts[1]) else { return nil }
            self.init(address, prefixLength: length)
        default: return nil
        }
    }

    /// Whether an address is in the network; never for one of the other family.
    public func contains(_ other: IPAddress) -> Bool {
        other.bitCount == address.bitCount && other.masked(to: prefixLength) == address
    }
}

extension IPNetwork: CustomStringConvertible {
    /// The network as `address/length`.
    public var description: String { "\(address)/\(prefixLength)" }
}

extension IPAddress {
    fileprivate func masked(to length: Int) -> IPAddress {
        switch self {
        case .v4(let value): .v4(length == 0 ? 0 : value & (UInt32.max << (32 - UInt32(length))))
        case .v6(let value): .v6(length == 0 ? 0 : value & (UInt128.max << (128 - UInt128(length))))
        }
    }
}
