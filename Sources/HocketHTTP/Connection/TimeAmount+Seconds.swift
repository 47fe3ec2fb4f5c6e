import NIOCore

extension TimeAmount {
    /// The time in seconds.
    var seconds: Double { Double(nanoseconds) / 1e9 }
}
