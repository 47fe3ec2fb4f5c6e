import HocketHTTP
import Testing

struct HTTPAddressTests {
    @Test(arguments: [
        "127.0.0.1:8080", "localhost:0", "[::1]:65535", "example.org:443", "unix:/run/h.sock",
        "unix:relative.sock",
    ])
    func readsWhatItWrites(_ text: String) {
        #expect(HTTPAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "8080", "localhost", "localhost:", "localhost:65536", "localhost:-1",
        "localhost:+80", "localhost: 80", "::1:80", "[::1]", "[]:80", "[::1:80", "::1]:80", "unix:",
    ])
    func refusesWhatIsNoAddress(_ text: String) {
        #expect(HTTPAddress(text) == nil)
    }

    @Test(arguments: [
        "127.0.0.1:80", "127.255.255.254:80", "localhost:80", "[::1]:80", "unix:/run/h.sock",
    ])
    func isLocalWhereOnlyThisMachineReachesIt(_ text: String) throws {
        #expect(try #require(HTTPAddress(text)).isLocal)
    }

    @Test(arguments: [
        "0.0.0.0:80", "10.0.0.1:80", "[::]:80", "example.org:80", "127.evil.example:80",
        "127.0.0.1.example.org:80", "127.0.0.256:80", "127.0.0:80", "127.0.0.:80", "127.0.0.+1:80",
        "localhost.example.org:80", "1270.0.0.1:80",
    ])
    func isNotLocalAnywhereElse(_ text: String) throws {
        #expect(try !#require(HTTPAddress(text)).isLocal)
    }
}
