import HocketTesting
import NIOCore

/// The bytes that came over a connection and were not taken yet.
final class Inbox: Sendable {
    private struct Content: Sendable {
        var bytes: [UInt8] = []
        var isEnded = false
    }
    private let content = Watched(Content())

    /// The connection ended before what was waited for had come.
    struct Ended: Error {
        let bytes: String
    }

    func append(_ bytes: ByteBuffer) {
        content.change { $0.bytes.append(contentsOf: bytes.readableBytesView) }
    }

    func end() {
        content.change { $0.isEnded = true }
    }

    /// The bytes that wait to be taken.
    var count: Int { content.value.bytes.count }

    /// Takes from the front what `parse` makes something of, as soon as enough has come.
    ///
    /// - Parameter parse: gets the bytes and whether they are the last; returns what it made and
    ///   of how many bytes, nil if it needs more.
    func take<Value: Sendable>(
        _ parse: @Sendable ([UInt8], Bool) throws -> (Value, Int)?
    ) async throws -> Value {
        var known = content.value
        while true {
            if let (value, count) = try parse(known.bytes, known.isEnded) {
                content.change { $0.bytes.removeFirst(count) }
                return value
            }
            guard !known.isEnded else {
                throw Ended(bytes: String(decoding: known.bytes, as: UTF8.self))
            }
            let count = known.bytes.count
            known = try await content.wait { $0.bytes.count > count || $0.isEnded }
        }
    }
}
