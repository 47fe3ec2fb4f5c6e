public import NIOCore

extension APIError {
    /// The body of the HTTP answer: `{"error":{"message","type","param","code"}}`.
    public var body: ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("error") { json in write(to: &json) }
        }
        return json.buffer
    }

    /// The error as an event, which tells the status that an HTTP answer would have had:
    /// `{"type":"error","status","error":{"message","type","param","code"}}`.
    public var event: ByteBuffer {
        var json = JSONWriter()
        json.buffer.writeStaticString("event: error\ndata: ")
        json.begin()
        json.object { json in
            json.member("type", "error")
            json.member("status", httpStatus)
            json.member("error") { json in write(to: &json) }
        }
        json.buffer.writeStaticString("\n\n")
        return json.buffer
    }

    /// Writes the error object, the value of `error`.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("message", message)
            json.member("type", kind.rawValue)
            json.member("param", param)
            json.member("code", code?.rawValue)
        }
    }
}
