/// A request among those that were admitted or wait; counted in order of arrival.
public struct AdmissionID: RawRepresentable, Hashable, Sendable, Comparable {
    /// The number, counted from 1.
    public let rawValue: UInt64

    /// Creates an id from its number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Whether one request came before another.
    public static func < (left: AdmissionID, right: AdmissionID) -> Bool {
        left.rawValue < right.rawValue
    }
}
