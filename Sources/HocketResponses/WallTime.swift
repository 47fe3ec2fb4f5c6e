/// A moment on the wall clock, to the second.
public struct WallTime: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var secondsSince1970: Int

    /// Creates a time.
    public init(secondsSince1970: Int) {
        self.secondsSince1970 = secondsSince1970
    }

    private static let daysPerEra = 146_097
    private static let yearsPerEra = 400
    /// From 0000-03-01, where the first era begins, to 1970-01-01.
    private static let daysBefore1970 = 719_468

    /// The date in UTC in the proleptic Gregorian calendar, `2025-06-28`.
    public var utcDate: String {
        let (year, month, day) = calendarDate
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }

    /// The moment as HTTP has it, `Sat, 28 Jun 2025 09:05:07 GMT` (RFC 9110 §5.6.7).
    public var httpDate: String {
        let (year, month, day) = calendarDate
        let days = floored(secondsSince1970, by: 86_400)
        let second = secondsSince1970 - days * 86_400
        let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, to: 2) }
        // 1970-01-01 was a Thursday.
        let weekday = ((days + 4) % 7 + 7) % 7
        return "\(Self.weekdays[weekday]), \(padded(day, to: 2)) \(Self.months[month - 1]) "
            + "\(padded(year, to: 4)) \(time.joined(separator: ":")) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Counts years from March, so that the leap day is a year's last, and in eras of 400 years,
    /// which all have 146097 days.
    private var calendarDate: (year: Int, month: Int, day: Int) {
        let days = floored(secondsSince1970, by: 86_400) + Self.daysBefore1970
        let era = floored(days, by: Self.daysPerEra)
        let dayOfEra = days - era * Self.daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * Self.yearsPerEra + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, day)
    }

    /// Division that rounds down, also where `number` is negative.
    private func floored(_ number: Int, by divisor: Int) -> Int {
        (number - (number < 0 ? divisor - 1 : 0)) / divisor
    }

    private func padded(_ number: Int, to width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
