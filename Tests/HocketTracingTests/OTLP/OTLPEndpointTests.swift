import Testing

@testable import HocketTracing

/// Where spans are posted.
struct OTLPEndpointTests {
    @Test(
        arguments: [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"),
            ("https://collector.example/otlp", "https://collector.example/otlp/v1/traces"),
            ("HTTP://[::1]:4318", "http://[::1]:4318/v1/traces"),
        ]
    )
    func pathOfTracesIsAdded(text: String, traces: String) throws {
        #expect(try #require(OTLPEndpoint(text)).traces == traces)
    }

    @Test(
        arguments: [
            "", "127.0.0.1:4318", "http://", "http:///v1", "ftp://host", "grpc://host:4317",
            "http://user:secret@host", "http://host?key=secret", "http://host#part", "http://a b",
            "http://host\r\n", "http://hööst",
        ]
    )
    func othersAreNone(text: String) {
        #expect(OTLPEndpoint(text) == nil)
    }
}
