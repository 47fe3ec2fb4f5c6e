import Testing

@testable import HocketCapture

struct UTCTimeTests {
    private static let dates: [(UInt64, String)] = [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (951_782_399_999_999_999, "2000-02-28T23:59:59.999999999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
        (951_868_800_000_000_001, "2000-03-01T00:00:00.000000001Z"),
        (1_798_761_599_000_000_000, "2026-12-31T23:59:59.000000000Z"),
        (1_798_761_600_000_000_000, "2027-01-01T00:00:00.000000000Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
    ]

    @Test(arguments: dates)
    func writesDates(nanoseconds: UInt64, timestamp: String) {
        #expect(UTCTime(nanoseconds: nanoseconds).timestamp == timestamp)
    }

    @Test func cutsTheClockToMicroseconds() {
        #expect(UTCTime(nanoseconds: 43_201_402_001_999).clock == "12:00:01.402001")
    }
}
