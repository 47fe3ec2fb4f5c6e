import HocketResponses
import Testing

struct WallTimeTests {
    @Test(arguments: [
        (0, "1970-01-01"),
        (86_399, "1970-01-01"),
        (86_400, "1970-01-02"),
        (-1, "1969-12-31"),
        (-86_400, "1969-12-31"),
        (-86_401, "1969-12-30"),
        (68_169_600, "1972-02-29"),
        (68_256_000, "1972-03-01"),
        (946_684_799, "1999-12-31"),
        (946_684_800, "2000-01-01"),
        (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"),
        (1_709_164_800, "2024-02-29"),
        (1_735_689_599, "2024-12-31"),
        (1_735_689_600, "2025-01-01"),
        (1_740_700_800, "2025-02-28"),
        (1_740_787_200, "2025-03-01"),
        (1_751_068_800, "2025-06-28"),
        (4_107_542_399, "2100-02-28"),
        (4_107_542_400, "2100-03-01"),
        (13_574_563_200, "2400-02-29"),
        (253_402_300_799, "9999-12-31"),
        (-62_135_596_800, "0001-01-01"),
    ])
    func tellsTheDate(_ seconds: Int, _ date: String) {
        #expect(WallTime(secondsSince1970: seconds).utcDate == date)
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        // The example of RFC 9110.
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_751_101_507, "Sat, 28 Jun 2025 09:05:07 GMT"),
    ])
    func tellsTheDateAsHTTPHasIt(_ seconds: Int, _ date: String) {
        #expect(WallTime(secondsSince1970: seconds).httpDate == date)
    }

    /// Counts the days from 1600 to 2400 one after the other, as a calendar on the wall does.
    @Test func agreesWithACalendarOnEveryDayOfEightCenturies() {
        var day = -135_140
        for year in 1600..<2400 {
            for (month, count) in zip(1..., daysOfMonths(in: year)) {
                for date in 1...count {
                    let text = "\(year)-\(twoDigits(month))-\(twoDigits(date))"
                    #expect(WallTime(secondsSince1970: day * 86_400).utcDate == text)
                    day += 1
                }
            }
        }
        #expect(day == 157_054)
    }

    private func daysOfMonths(in year: Int) -> [Int] {
        let isCentury = year.isMultiple(of: 100)
        let isLeap = isCentury ? year.isMultiple(of: 400) : year.isMultiple(of: 4)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    private func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
