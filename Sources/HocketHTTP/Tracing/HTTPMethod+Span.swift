import HTTPTypes

/// Methods as OpenTelemetry's conventions for HTTP have them: whoever makes one up shall not make
/// up a name for a span.
extension HTTPRequest.Method {
    private static let known: Set<HTTPRequest.Method> = [
        .connect, .delete, .get, .head, .options, .patch, .post, .put, .trace,
    ]

    /// The value of `http.request.method`.
    var spanAttribute: String { Self.known.contains(self) ? rawValue : "_OTHER" }

    /// What a span is called after.
    var spanName: String { Self.known.contains(self) ? rawValue : "HTTP" }
}
