import HocketEngine
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

    @Test func isWholeAgainWhenAllIsGivenBack() {
        var window = ByteWindow(windowBytes: 100)
        #expect(window.take(60) == true)
        window.granted(20)
        #expect(!window.isWhole)
        window.granted(40)
        #expect(window.isWhole)
        #expect(window.windowBytes == 100)
    }

    @Test func growsByWhatIsGrantedBeyondIt() {
        var window = ByteWindow(windowBytes: 100)
        window.granted(50)
        #expect(window.windowBytes == 150)
        #expect(window.take(150) == true)
    }

    @Test func endlessGrantsDoNotOverflow() {
        var window = ByteWindow(windowBytes: 100)
        for _ in 0..<3 { window.granted(.max) }
        #expect(window.availableBytes == .max)
    }
}
