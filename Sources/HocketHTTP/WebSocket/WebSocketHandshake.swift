import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import OpenAIAPI

/// A client's wish to go on with a WebSocket (RFC 6455 §4.2.1).
struct WebSocketHandshake {
    /// The one version of the protocol there is.
    static let version = "13"

    /// What proves to the client that it was understood.
    let accept: String

    /// Reads the wish from a request that asks for a WebSocket.
    ///
    /// - Throws: ``APIError`` with status 400 for a key that is none, or for a body.
    init(_ request: Request) throws(APIError) {
        let headers = request.headers
        let keys = headers[values: .secWebSocketKey]
        guard keys.count == 1, let key = keys.first, Data(base64Encoded: key)?.count == 16 else {
            throw .invalidValue(
                HTTPField.Name.secWebSocketKey.rawName,
                "this header is 16 bytes in Base64."
            )
        }
        guard headers[.transferEncoding] == nil, headers[.contentLength] ?? "0" == "0" else {
            throw .invalidValue(
                HTTPField.Name.contentLength.rawName,
                "a request for a WebSocket has no body."
            )
        }
        accept = Self.accept(key)
    }

    /// The digest of the key and a text that no other protocol has (RFC 6455 §4.2.2).
    private static func accept(_ key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Data(Insecure.SHA1.hash(data: Array(text.utf8))).base64EncodedString()
    }
}

extension Request {
    /// Whether the client wants to go on with a WebSocket.
    var asksForWebSocket: Bool {
        names("websocket", in: .upgrade) && names("upgrade", in: .connection)
    }

    /// Whether a word is in the list that a header field is.
    private func names(_ word: String, in name: HTTPField.Name) -> Bool {
        headers[values: name].contains { value in
            value.split(separator: ",").contains { element in
                element.trimming { $0 == " " || $0 == "\t" }.lowercased() == word
            }
        }
    }
}

extension Substring {
    fileprivate func trimming(_ isLeftOut: (Character) -> Bool) -> Substring {
        var text = drop(while: isLeftOut)
        while let last = text.last, isLeftOut(last) { text.removeLast() }
        return text
    }
}
