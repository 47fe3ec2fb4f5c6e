import Testing

@testable import HocketMCP

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("1.2.3.4", "1.2.3.4"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "0:0:0:0:0:0:0:0"), ("::1", "0:0:0:0:0:0:0:1"), ("1::", "1:0:0:0:0:0:0:0"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("fe80::A", "fe80:0:0:0:0:0:0:a"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::ffff:1.2.3.4", "0:0:0:0:0:ffff:102:304"),
        ("64:ff9b::10.0.0.1", "64:ff9b:0:0:0:0:a00:1"),
    ])
    func readsUsualSpellings(text: String, description: String) throws {
        #expect(try #require(IPAddress(text)).description == description)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1.2.3.", "+1.2.3.4",
        "0x7f.0.0.1", "2130706433", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "::1:2:3:4:5:6:7:8", "12345::", "::g", "::1%lo", "fe80::1%eth0", "[::1]", "::1.2.3",
        "1.2.3.4::", "１.2.3.4", "::+1", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "::-1",
    ])
    func refusesAllOtherSpellings(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("0.0.0.0/0", "1.2.3.4", "::1"),
        ("::/0", "ffff::", "1.2.3.4"), ("192.168.1.77/24", "192.168.1.1", "192.168.2.1"),
        ("::1", "::1", "::2"), ("fc00::/7", "fdff::1", "fe00::"),
        ("1.2.3.4/32", "1.2.3.4", "1.2.3.5"), ("::1/128", "::1", "::"),
    ])
    func holdsTheAddressesOfANetwork(network: String, inside: String, outside: String) throws {
        let network = try #require(IPNetwork(network))
        #expect(network.contains(try #require(IPAddress(inside))))
        #expect(!network.contains(try #require(IPAddress(outside))))
    }

    @Test(arguments: ["", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8"])
    func refusesWhatIsNoNetwork(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
