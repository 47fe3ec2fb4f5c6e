import Harmony
import Testing

@Suite struct StopStringMatcherTests {
    @Test func releasesNothingOfWhatMayBecomeAStopString() {
        var matcher = StopStringMatcher(["\n\nUser:"])
        #expect(pieces(of: "Hello.\n", in: &matcher) == ["Hello."])
        #expect(pieces(of: "\nUse", in: &matcher) == [])
        #expect(pieces(of: "ful.", in: &matcher) == ["\n\nUse", "ful."])
    }

    @Test func releasesWhatPrecedesAMatchAndNothingAfterIt() {
        var matcher = StopStringMatcher(["stop"])
        var transcript = Transcript()
        #expect(append("a st", to: &matcher, into: &transcript) == nil)
        #expect(append("op b", to: &matcher, into: &transcript) == "stop")
        #expect(transcript.texts == ["a "])
    }

    @Test func findsTheStringThatEndsFirstAndOfThoseTheLongest() {
        #expect(match(["bcd", "abc", "bc", "c"], in: ["xab", "cd"])?.0 == "abc")
        #expect(match(["bcd", "abc", "bc", "c"], in: ["xab", "cd"])?.1 == "x")
        #expect(match(["long stop", "g"], in: ["a long stop"])?.0 == "g")
    }

    @Test(arguments: [
        (["aab"], "aaaab"), (["abab", "ba"], "ababab"), (["\n\n"], "a\n\n\nb"), (["é"], "eèéx"),
        (["👩‍🚀"], "👩👩‍👩‍🚀"), (["aaa", "aba"], "aabaa"), (["xyz"], "no match"), ([""], "empty"),
        ([], "none"),
    ])
    func findsTheSameHoweverTheTextIsCut(strings: [String], text: String) {
        let whole = expected(strings, in: text)
        let characters = text.unicodeScalars.map { String($0) }
        let byScalar = match(strings, in: characters)
        #expect(byScalar?.0 == whole.match && byScalar?.1 ?? text == whole.text)
        for cut in 0...characters.count {
            let head = characters[..<cut].joined()
            let found = match(strings, in: [head, characters[cut...].joined()])
            #expect(found?.0 == whole.match && found?.1 ?? text == whole.text)
        }
    }

    @Test func holdsBackTheLongestPossibleBeginningOfAnyString() {
        var matcher = StopStringMatcher(["abX", "babY"])
        #expect(pieces(of: "bab", in: &matcher) == [])
        #expect(pieces(of: "Z", in: &matcher) == ["bab", "Z"])
        #expect(pieces(of: "bbab", in: &matcher) == ["b"])
        #expect(pieces(of: "ab", in: &matcher) == ["ba"])
        #expect(pieces(of: "c", in: &matcher) == ["bab", "c"])
    }

    @Test func takesLinearTimeOnRepetitiveText() {
        var matcher = StopStringMatcher([String(repeating: "a", count: 1000) + "b"])
        let piece = String(repeating: "a", count: 1000)
        var transcript = Transcript()
        for _ in 0..<200 {
            #expect(append(piece, to: &matcher, into: &transcript) == nil)
        }
        matcher.finish(into: &transcript)
        #expect(transcript.texts.joined().utf8.count == 200_000)
    }

    // MARK: -

    private func append(
        _ text: String,
        to matcher: inout StopStringMatcher,
        into transcript: inout Transcript
    ) -> String? {
        matcher.append(text.utf8Span.span, into: &transcript)
    }

    private func pieces(of text: String, in matcher: inout StopStringMatcher) -> [String] {
        var transcript = Transcript()
        #expect(append(text, to: &matcher, into: &transcript) == nil)
        return transcript.texts
    }

    /// The stop string found and the text before it, nil if there is none.
    private func match(_ strings: [String], in pieces: [String]) -> (String, String)? {
        var matcher = StopStringMatcher(strings)
        var transcript = Transcript()
        for piece in pieces {
            if let match = append(piece, to: &matcher, into: &transcript) {
                return (match, transcript.texts.joined())
            }
        }
        matcher.finish(into: &transcript)
        #expect(transcript.texts.joined() == pieces.joined())
        return nil
    }

    /// The slow and obvious way to find the same.
    private func expected(_ strings: [String], in text: String) -> (match: String?, text: String) {
        let bytes = Array(text.utf8)
        let candidates = strings.map { Array($0.utf8) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        for end in 0...bytes.count {
            for string in candidates where bytes[..<end].suffix(string.count) == string[...] {
                let head = String(decoding: bytes[..<(end - string.count)], as: UTF8.self)
                return (String(decoding: string, as: UTF8.self), head)
            }
        }
        return (nil, text)
    }
}
