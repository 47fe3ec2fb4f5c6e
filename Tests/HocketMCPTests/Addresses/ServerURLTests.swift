import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ServerURLTests {
    @Test(arguments: [
        ("https://example.com/mcp", "https://example.com:443/mcp"),
        ("HTTPS://Example.COM", "https://example.com:443/"),
        ("http://example.com:8080/a?b=c&d=%20", "http://example.com:8080/a?b=c&d=%20"),
        ("https://example.com?b", "https://example.com:443/?b"),
        ("https://[2001:DB8::1]:444/x", "https://[2001:db8::1]:444/x"),
        ("https://[::1]/", "https://[::1]:443/"),
        ("https://1.2.3.4/", "https://1.2.3.4:443/"),
        ("https://a_b-c.d/~e/(f)", "https://a_b-c.d:443/~e/(f)"),
        ("https://127.1/", "https://127.1:443/"),
    ])
    func writesURLsAnew(text: String, expected: String) throws {
        #expect(try ServerURL(text).text == expected)
    }

    @Test func tellsAddressesFromNames() throws {
        #expect(try ServerURL("https://1.2.3.4/").literalAddress == IPAddress("1.2.3.4"))
        #expect(try ServerURL("https://[::1]/").literalAddress == IPAddress("::1"))
        // Old spellings of addresses are names, which the resolver looks up and the policy sees.
        #expect(try ServerURL("https://127.1/").literalAddress == nil)
        #expect(try ServerURL("https://0x7f000001/").literalAddress == nil)
    }

    @Test(arguments: [
        "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd",
        "https://", "https:///path", "https://user@example.com/", "https://u:p@example.com/",
        "https://example.com@169.254.169.254/", "https://example.com:0/",
        "https://example.com:65536/", "https://example.com:/", "https://example.com:80x/",
        "https://example.com/#f", "https://example.com\\@evil/", "https://exa mple.com/",
        "https://ex%61mple.com/", "https://ex\u{FF41}mple.com/", "https://example.com/a b",
        "https://example.com/\r\nX: y", "https://[::1/", "https://[1.2.3.4]/", "https://[::1]x/",
        "https://[::1%25lo]/", "http+unix://%2Ftmp%2Fs/x", "unix:///tmp/s", "https://é.com/",
        "https://example.com/é", "https://example.com/\u{0}", "gopher://x/",
    ])
    func refusesWhatReadersMayUnderstandDifferently(text: String) {
        #expect {
            _ = try ServerURL(text)
        } throws: { error in
            let error = error as? ToolError
            return error?.code == .notAllowed && error?.message.contains("evil") == false
        }
    }
}
