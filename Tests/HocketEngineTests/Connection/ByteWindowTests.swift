import HocketEngine
import HocketWire
import Testing

/// What a worker takes at a time.
@Suite struct ByteWindowTests {
    @Test func takesWhatThereIsAndNoMore() {
        var window = ByteWindow(windowBytes: 100)
        #expect(window.isWhole)
        #expect(window.take(60) == true)
        #expect(window.take(41) == false)
        #expect(window.availableBytes == 40)
        #expect(window.take(40) == true)
        #expect(window.take(1) == false)
        #expect(!window.isWhole)
    }

    @Test func isWholeAgainWhenAllIsGivenBack() throws {
        var window = ByteWindow(windowBytes: 100)
        #expect(window.take(60) == true)
        try window.granted(20)
        #expect(!window.isWhole)
        try window.granted(40)
        #expect(window.isWhole)
        #expect(window.windowBytes == 100)
    }

    @Test(arguments: [61, .max])
    func creditBeyondWhatWasTakenIsAnError(bytes: Int) throws {
        var window = ByteWindow(windowBytes: 100)
        #expect(window.take(60) == true)
        let error = #expect(throws: WireError.self) { try window.granted(bytes) }
        #expect(error?.code == .messageInvalid)
        #expect(window.availableBytes == 40)
    }
}
