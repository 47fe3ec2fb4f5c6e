import Crypto
import FoundationEssentials

/// Encrypts reasoning for callers that keep it themselves, and reads it when they send it back.
///
/// The text of a sealed item is encrypted and authenticated (ChaCha20-Poly1305, RFC 8439) together
/// with the item's id, so that nobody can change it or pass it off as another item's. It is Base64
/// of a version, the nonce, the text and the tag.
public struct ReasoningSeal: Sendable {
    /// The length of a key in bytes.
    public static let keyByteCount = 32

    private static let version: UInt8 = 1

    private let key: SymmetricKey

    /// Creates a seal with a fresh key, which nobody else has.
    public init() {
        key = SymmetricKey(size: .bits256)
    }

    /// Creates a seal.
    ///
    /// - Parameter key: ``keyByteCount`` bytes that nobody can guess.
    public init(key: [UInt8]) {
        precondition(key.count == Self.keyByteCount, "a key of \(key.count) bytes")
        self.key = SymmetricKey(data: key)
    }

    /// The key, to be kept.
    public var keyBytes: [UInt8] { unsafe key.withUnsafeBytes { unsafe Array($0) } }

    /// Encrypts the text of an item.
    ///
    /// The nonce is drawn by the library and not passed in: one that came twice would give both
    /// texts away.
    func sealed(_ text: String, ofItem id: String) -> String {
        do {
            let box = try ChaChaPoly.seal(
                Array(text.utf8),
                using: key,
                authenticating: Array(id.utf8)
            )
            return Data([Self.version] + Array(box.combined)).base64EncodedString()
        } catch {
            preconditionFailure("a text in memory can be encrypted: \(error)")
        }
    }

    /// The text of an item.
    ///
    /// - Returns: Nil if it was not sealed with this key for this item, or changed since.
    public func opened(_ sealed: String, ofItem id: String) -> String? {
        guard let data = Data(base64Encoded: sealed), data.first == Self.version,
            let box = try? ChaChaPoly.SealedBox(combined: Data(data.dropFirst())),
            let text = try? ChaChaPoly.open(box, using: key, authenticating: Array(id.utf8))
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}
