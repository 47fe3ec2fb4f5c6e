import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct AddressPolicyTests {
    /// The first and the last address of every special network, their neighbours outside, and
    /// the ways in which IPv6 carries an IPv4 address.
    static let scopes: [(address: String, scope: AddressScope)] = [
        // Public.
        ("1.1.1.1", .global), ("8.8.8.8", .global), ("9.255.255.255", .global),
        ("11.0.0.0", .global), ("100.63.255.255", .global), ("100.128.0.0", .global),
        ("126.255.255.255", .global), ("128.0.0.0", .global), ("169.253.255.255", .global),
        ("169.255.0.0", .global), ("172.15.255.255", .global), ("172.32.0.0", .global),
        ("192.0.1.0", .global), ("192.167.255.255", .global), ("192.169.0.0", .global),
        ("198.17.255.255", .global), ("198.20.0.0", .global), ("223.255.255.255", .global),
        ("168.63.129.15", .global), ("2001:200::", .global), ("2001:4860:4860::8888", .global),
        ("2606:4700::1111", .global), ("3ffe:ffff::1", .global), ("2c0f:f248::1", .global),
        // This host.
        ("127.0.0.0", .loopback), ("127.0.0.1", .loopback), ("127.255.255.255", .loopback),
        ("::1", .loopback), ("0.0.0.0", .unspecified), ("0.255.255.255", .unspecified),
        ("::", .unspecified),
        // Private.
        ("10.0.0.0", .privateNetwork), ("10.255.255.255", .privateNetwork),
        ("172.16.0.0", .privateNetwork), ("172.31.255.255", .privateNetwork),
        ("192.168.0.0", .privateNetwork), ("192.168.255.255", .privateNetwork),
        ("fc00::", .privateNetwork), ("fdff:ffff::1", .privateNetwork),
        ("fec0::1", .privateNetwork), ("64:ff9b:1::a00:1", .privateNetwork),
        ("100.64.0.0", .carrierGrade), ("100.127.255.255", .carrierGrade),
        // The link, and metadata on it and elsewhere.
        ("169.254.0.0", .linkLocal), ("169.254.169.253", .linkLocal),
        ("169.254.255.255", .linkLocal), ("fe80::1", .linkLocal), ("febf:ffff::1", .linkLocal),
        ("169.254.169.254", .metadata), ("169.254.170.2", .metadata),
        ("169.254.170.23", .metadata), ("168.63.129.16", .metadata),
        ("100.100.100.200", .metadata), ("192.0.0.192", .metadata), ("fd00:ec2::254", .metadata),
        ("fd00:ec2::23", .metadata), ("fd20:ce::254", .metadata),
        // Many hosts.
        ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("ff02::1", .multicast),
        // Nothing.
        ("192.0.0.1", .reserved), ("192.0.2.1", .reserved), ("192.88.99.1", .reserved),
        ("198.18.0.0", .reserved), ("198.19.255.255", .reserved), ("198.51.100.7", .reserved),
        ("203.0.113.7", .reserved), ("240.0.0.0", .reserved), ("255.255.255.255", .reserved),
        ("100::1", .reserved), ("2001::1", .reserved), ("2001:db8::1", .reserved),
        ("3fff::1", .reserved), ("5f00::1", .reserved), ("4000::1", .reserved),
        ("8000::1", .reserved), ("fe00::1", .reserved), ("1::1", .reserved), ("::2", .reserved),
        // IPv4 within IPv6.
        ("::ffff:127.0.0.1", .loopback), ("::ffff:169.254.169.254", .metadata),
        ("::ffff:10.0.0.1", .privateNetwork), ("::ffff:8.8.8.8", .global),
        ("::ffff:0:127.0.0.1", .loopback), ("64:ff9b::127.0.0.1", .loopback),
        ("64:ff9b::169.254.169.254", .metadata), ("64:ff9b::8.8.8.8", .global),
        ("::127.0.0.1", .loopback), ("::10.0.0.1", .privateNetwork), ("2002:7f00:1::", .loopback),
        ("2002:a9fe:a9fe::1", .metadata), ("2002:808:808::1", .global),
    ]

    @Test(arguments: scopes)
    func knowsWhatAnAddressIsFor(address: String, scope: AddressScope) throws {
        #expect(try #require(IPAddress(address)).scope == scope)
    }

    @Test(arguments: scopes)
    func allowsOnlyThePublicInternet(address: String, scope: AddressScope) throws {
        let address = try #require(IPAddress(address))
        #expect(allows(AddressPolicy(), [address]) == (scope == .global))
    }

    @Test func forbidsANameOfWhichOneAddressIsForbidden() throws {
        let addresses = try ["8.8.8.8", "127.0.0.1"].map { try #require(IPAddress($0)) }
        #expect(allows(AddressPolicy(), [addresses[0]]))
        #expect(!allows(AddressPolicy(), addresses))
    }

    @Test func allowsWhatTheOperatorLists() throws {
        let network = try #require(IPNetwork("10.1.0.0/16"))
        let policy = AddressPolicy(allowedNetworks: [network])
        #expect(allows(policy, [try #require(IPAddress("10.1.2.3"))], isPlain: true))
        #expect(!allows(policy, [try #require(IPAddress("10.2.0.1"))]))
        #expect(!allows(policy, [try #require(IPAddress("8.8.8.8"))], isPlain: true))
    }

    @Test func wantsHTTPSUnlessToldOtherwise() throws {
        let address = try #require(IPAddress("8.8.8.8"))
        #expect(!allows(AddressPolicy(), [address], isPlain: true))
        #expect(allows(AddressPolicy(allowsPlainHTTP: true), [address], isPlain: true))
    }

    @Test(arguments: scopes)
    func trustsTheOperatorsOwnURLs(address: String, scope: AddressScope) throws {
        let address = try #require(IPAddress(address))
        #expect(allows(.configuredByOperator, [address], isPlain: true))
    }

    private func allows(
        _ policy: AddressPolicy,
        _ addresses: [IPAddress],
        isPlain: Bool = false
    ) -> Bool {
        do {
            try policy.check(addresses, isPlain: isPlain)
            return true
        } catch {
            #expect(error.code == .notAllowed)
            return false
        }
    }
}
