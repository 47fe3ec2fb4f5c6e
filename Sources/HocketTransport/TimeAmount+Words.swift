import NIOCore

extension TimeAmount {
    /// The amount as a person reads it: `15.0 s`.
    var inWords: String { "\(Double(nanoseconds / 1_000_000) / 1000) s" }
}
