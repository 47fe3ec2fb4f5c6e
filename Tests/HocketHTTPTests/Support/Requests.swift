/// The text of requests.
enum Requests {
    /// A request without a body.
    static func get(_ path: String, method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: test\r\n\r\n"
    }

    /// A `POST` of a body.
    static func post(
        _ body: String,
        to path: String = "/v1/responses",
        version: String = "HTTP/1.1",
        headers: String = ""
    ) -> String {
        """
        POST \(path) \(version)\r\nHost: test\r\nContent-Type: application/json\r\n\
        Content-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)
        """
    }

    /// A request for a response.
    static func response(
        stream: Bool = true,
        members: String = "",
        version: String = "HTTP/1.1",
        headers: String = ""
    ) -> String {
        let body = #"{"model":"gpt-oss-20b","input":"Hello","stream":\#(stream)\#(members)}"#
        return post(body, version: version, headers: headers)
    }
}

/// What models write in these tests.
enum Answers {
    static let short = """
        <|channel|>analysis<|message|>Greet back.<|end|>\
        <|start|>assistant<|channel|>final<|message|>Hello 👋🏽, wörld<|return|>
        """

    static let shortText = "Hello 👋🏽, wörld"

    /// An answer of about that many tokens.
    static func long(tokens: Int) -> String {
        let text = String(repeating: " word", count: tokens)
        return "<|channel|>final<|message|>\(text)<|return|>"
    }

    /// A model that begins to think and goes on for ever.
    static let endless = "<|channel|>analysis<|message|>Hm, hm"
}
