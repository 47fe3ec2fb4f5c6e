import Testing

@testable import HocketHTTP

struct WholeEventsTests {
    @Test(arguments: [
        ("", 10, 0),
        ("a\n\n", 10, 3),
        ("a\n\nb\n\n", 6, 6),
        ("a\n\nb\n\n", 5, 3),
        ("a\n\nb\n\n", 3, 3),
        ("a\n\nb\n\n", 2, 3),
        ("long\n\nb\n\n", 4, 6),
        ("long\n\nb\n\n", 5, 6),
        ("a\nb\n\nc\n\n", 4, 5),
        ("no end", 3, 6),
    ])
    func takesAsManyEventsAsFitAndAtLeastOne(_ text: String, _ bytesMax: Int, _ count: Int) {
        #expect(Array(text.utf8).span.wholeEvents(bytesMax: bytesMax) == count)
    }
}
