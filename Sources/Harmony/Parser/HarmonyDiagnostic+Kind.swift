extension HarmonyDiagnostic {
    /// What was wrong with a stream; the DocC page Resilience lists every kind with its repair.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The name used in reports and metrics.
        public var rawValue: String

        /// Creates a kind with a name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }
    }
}

extension HarmonyDiagnostic.Kind {
    // Between messages

    /// A header began without `<|start|>`; the assistant is taken to speak.
    public static let missingStart = Self(rawValue: "missingStart")
    /// Text stood outside any message; it became a message without a channel.
    public static let textOutsideMessage = Self(rawValue: "textOutsideMessage")
    /// A token that means nothing where it stood was left out: a repeated stop token, white space
    /// between messages, a marker inside text.
    public static let ignoredToken = Self(rawValue: "ignoredToken")

    // Shape of a message

    /// A header began inside a message, which was taken to be over.
    public static let missingEnd = Self(rawValue: "missingEnd")
    /// A header went straight into text; the text became the content.
    public static let missingMessageMarker = Self(rawValue: "missingMessageMarker")
    /// `<|start|>` stood inside a header, which began anew; the detail is what it had so far.
    public static let restartedHeader = Self(rawValue: "restartedHeader")
    /// A header ended, or the stream did, before it led to anything; the detail is its text.
    public static let unfinishedHeader = Self(rawValue: "unfinishedHeader")

    // Fields of a header

    /// No role; the assistant is taken to speak.
    public static let missingRole = Self(rawValue: "missingRole")
    /// A role that does not exist, in the detail.
    public static let unknownRole = Self(rawValue: "unknownRole")
    /// `<|channel|>` without a name right after it.
    public static let missingChannel = Self(rawValue: "missingChannel")
    /// A second channel, in the detail.
    public static let repeatedChannel = Self(rawValue: "repeatedChannel")
    /// A channel that models are not trained on, in the detail; the format allows it.
    public static let unknownChannel = Self(rawValue: "unknownChannel")
    /// A second recipient, in the detail.
    public static let repeatedRecipient = Self(rawValue: "repeatedRecipient")
    /// A tool's name was not spelled as declared; the detail is how it was spelled.
    public static let misspelledRecipient = Self(rawValue: "misspelledRecipient")
    /// A content type stood where none belongs; the detail is the type.
    public static let misplacedContentType = Self(rawValue: "misplacedContentType")
    /// A marker stood in a header as ordinary text, in the detail.
    public static let spelledMarker = Self(rawValue: "spelledMarker")
    /// Words that fit nowhere, in the detail.
    public static let ignoredText = Self(rawValue: "ignoredText")

    // Bytes

    /// Bytes of a text that are not UTF-8 were replaced by U+FFFD.
    public static let invalidUTF8 = Self(rawValue: "invalidUTF8")
    /// Bytes of a header that are not UTF-8 were replaced by U+FFFD.
    public static let invalidHeaderText = Self(rawValue: "invalidHeaderText")
    /// An id outside the vocabulary, in the detail, was replaced by U+FFFD.
    public static let unknownToken = Self(rawValue: "unknownToken")

    /// Whether a stream with this fault is not Harmony at all, so that strict parsing fails.
    ///
    /// The format allows any word as a channel, and says nothing about the bytes of a text: a
    /// message cut in the middle of a character is still a message.
    public var breaksFormat: Bool {
        self != .unknownChannel && self != .invalidUTF8
    }
}
