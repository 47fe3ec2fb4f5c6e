import Harmony
import HocketWire

extension PeerClock {
    /// The monotonic clock in microseconds, since nanoseconds would soon exceed what a JSON
    /// reader's `Double` can hold.
    var monotonicMicroseconds: JSONValue {
        let (whole, rest) = monotonicNanoseconds.quotientAndRemainder(dividingBy: 1000)
        return JSONNumber(text: "\(whole).\(digits(rest, 3))").map(JSONValue.number) ?? .null
    }
}
