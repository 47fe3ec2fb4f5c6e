/// A time of the real-time clock, in UTC, so that lines mean the same wherever they are read.
struct UTCTime {
    private let daysSince1970: Int
    private let secondOfDay: UInt64
    private let nanosecond: UInt64

    init(nanoseconds: UInt64) {
        let (seconds, nanosecond) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.nanosecond = nanosecond
        daysSince1970 = Int(seconds / 86_400)
        secondOfDay = seconds % 86_400
    }

    /// The time of day to the microsecond, as `12:00:01.402001`.
    var clock: String { "\(timeOfDay).\(digits(nanosecond / 1000, 6))" }

    /// Date and time by RFC 3339, as `2026-11-22T12:00:01.402001000Z`.
    var timestamp: String {
        let (year, month, day) = date
        return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
            + "T\(timeOfDay).\(digits(nanosecond, 9))Z"
    }

    private var timeOfDay: String {
        [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
            .map { digits($0, 2) }
            .joined(separator: ":")
    }

    /// The date in the Gregorian calendar.
    ///
    /// Days are counted from 1 March of the year 0, so that a leap day is the last of its year;
    /// there are 146 097 in 400 years, and from March on the months are 153 days in five.
    private var date: (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (daysSince1970 + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let isAfterDecember = monthFromMarch >= 10
        return (
            400 * era + yearOfEra + (isAfterDecember ? 1 : 0),
            monthFromMarch + (isAfterDecember ? -9 : 3),
            day
        )
    }
}

/// A number in decimal, with zeros in front up to a width.
func digits(_ value: some BinaryInteger, _ width: Int) -> String {
    let text = "\(value)"
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
