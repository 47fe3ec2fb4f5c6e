extension String {
    /// The longest name a client may give a request, in bytes.
    private static let nameBytesMax = 128

    /// The name that a client gives its request, if it is one that may stand in a log: letters,
    /// digits and the punctuation that ids have.
    var asRequestName: String? {
        let isName = utf8.allSatisfy { byte in
            switch UnicodeScalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", ":", "/", "+", "=": true
            default: false
            }
        }
        return isName && 1...Self.nameBytesMax ~= utf8.count ? self : nil
    }
}
