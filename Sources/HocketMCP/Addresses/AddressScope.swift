/// What an address is for, as far as it decides whom a stranger may make us talk to.
public enum AddressScope: String, Hashable, Sendable {
    /// An address of the public Internet.
    case global
    /// This host.
    case loopback
    /// No address yet, which many systems take for this host.
    case unspecified
    /// A private network (RFC 1918, RFC 4193, RFC 8215, the former site-local addresses).
    case privateNetwork
    /// The link, without a router (RFC 3927, RFC 4291).
    case linkLocal
    /// A cloud's metadata service, which hands out credentials.
    case metadata
    /// Between a provider and its customers (RFC 6598).
    case carrierGrade
    /// Many hosts at once.
    case multicast
    /// Documentation, benchmarks, tunnels and what has no meaning yet (RFC 6890).
    case reserved
}

extension IPAddress {
    /// What the address is for.
    ///
    /// An IPv6 address that carries an IPv4 address is for what that one is for, since this is
    /// where packets end up: mapped, compatible, NAT64 and 6to4.
    public var scope: AddressScope {
        if let carried { return carried.scope }
        return AddressScope.table.first { $0.network.contains(self) }?.scope ?? .global
    }

    private var carried: IPAddress? {
        guard case .v6(let value) = self else { return nil }
        let low = UInt32(truncatingIfNeeded: value)
        return switch value >> 32 {
        case 0xFFFF: .v4(low)  // ::ffff:0:0/96, mapped (RFC 4291 §2.5.5.2)
        case 0xFFFF_0000: .v4(low)  // ::ffff:0:0:0/96, translated (RFC 2765)
        case 0x64_FF9B << 64: .v4(low)  // 64:ff9b::/96, NAT64 (RFC 6052)
        case 0 where low > 0xFFFF: .v4(low)  // ::/96, compatible (RFC 4291 §2.5.5.1)
        case let high where high >> 80 == 0x2002:  // 2002::/16, 6to4 (RFC 3056)
            .v4(UInt32(truncatingIfNeeded: value >> 80))
        default: nil
        }
    }
}

extension AddressScope {
    /// Which networks are for what; the first that contains an address decides.
    ///
    /// The special-purpose registries of IANA (RFC 6890), and what clouds have made of some
    /// addresses.
    fileprivate static let table: [(network: IPNetwork, scope: AddressScope)] = [
        ("169.254.169.254", metadata),  // AWS, Azure, Google, Oracle, OpenStack and more
        ("169.254.170.2", metadata),  // AWS, tasks of ECS
        ("169.254.170.23", metadata),  // AWS, pods of EKS
        ("168.63.129.16", metadata),  // Azure, a public address
        ("100.100.100.200", metadata),  // Alibaba
        ("192.0.0.192", metadata),  // Oracle, the former one
        ("fd00:ec2::254", metadata),  // AWS
        ("fd00:ec2::23", metadata),  // AWS, pods of EKS
        ("fd20:ce::254", metadata),  // Google
        ("0.0.0.0/8", unspecified),
        ("10.0.0.0/8", privateNetwork),
        ("100.64.0.0/10", carrierGrade),
        ("127.0.0.0/8", loopback),
        ("169.254.0.0/16", linkLocal),
        ("172.16.0.0/12", privateNetwork),
        ("192.0.0.0/24", reserved),
        ("192.0.2.0/24", reserved),
        ("192.88.99.0/24", reserved),
        ("192.168.0.0/16", privateNetwork),
        ("198.18.0.0/15", reserved),
        ("198.51.100.0/24", reserved),
        ("203.0.113.0/24", reserved),
        ("224.0.0.0/4", multicast),
        ("240.0.0.0/4", reserved),
        ("::", unspecified),
        ("::1", loopback),
        ("::/96", reserved),
        ("64:ff9b:1::/48", privateNetwork),
        ("100::/64", reserved),
        ("2001::/23", reserved),  // Teredo among others
        ("2001:db8::/32", reserved),
        ("3fff::/20", reserved),
        ("5f00::/16", reserved),
        ("fc00::/7", privateNetwork),
        ("fe80::/10", linkLocal),
        ("fec0::/10", privateNetwork),
        ("ff00::/8", multicast),
        // What is not unicast for the whole Internet is nothing yet (RFC 4291 §2.4).
        ("0000::/3", reserved),
        ("4000::/2", reserved),
        ("8000::/1", reserved),
    ].compactMap { text, scope in IPNetwork(text).map { ($0, scope) } }
}
