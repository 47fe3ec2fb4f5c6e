import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite struct ShortenedJSONTests {
    private let limits = ArrivalLimits(messageBytesMax: 4096, stringHalfBytesMax: 16)

    private func shortened(_ text: String, cutAt cut: Int? = nil) throws -> String {
        let bytes = Array(text.utf8)
        var json = ShortenedJSON(limits: limits)
        let cut = cut ?? bytes.count
        try json.append(Array(bytes[..<cut]).span)
        try json.append(Array(bytes[cut...]).span)
        return String(decoding: json.finish(), as: UTF8.self)
    }

    @Test(arguments: [
        "", "{}", "null", #"{"a":["b",1.5,true,null],"c":""}"#, #""\"\\\n\u0041""#,
        #"{"text":"as long as both halves, 32 bytes"}"#, "not JSON at all", "\"unfinished",
    ])
    func leavesShortStringsAsTheyAre(text: String) throws {
        #expect(try shortened(text) == text)
    }

    @Test func keepsBothEndsOfALongString() throws {
        let text =
            #"{"a":"0123456789abcdef"# + String(repeating: "-", count: 1000)
            + #"fedcba9876543210","b":2}"#
        let value = try JSONValue(parsing: try shortened(text))
        let string = try #require(value["a"]?.string)
        #expect(string.hasPrefix("0123456789abcdef […"))
        #expect(string.hasSuffix("fedcba9876543210"))
        #expect(value["b"] == 2)
    }

    @Test func saysHowManyBytesAreMissing() throws {
        let inside = String(repeating: "x", count: 5000)
        let string = try #require(JSONValue(parsing: try shortened("\"\(inside)\"")).string)
        let kept = string.filter { $0 == "x" }.count
        #expect(string.contains(LongString.marker(5000 - kept)))
        #expect((32...64).contains(kept))
    }

    @Test(arguments: [
        "é", "漢", "😀", #"\u00e9"#, #"\ud83d\ude00"#, #"\\"#, #"\""#, #"\n"#, "a😀\\\"",
        #"\uDBFF\uDFFFz"#,
    ])
    func cutsOnlyBetweenCharactersAndEscapes(unit: String) throws {
        for padding in 0..<13 {
            let inside =
                String(repeating: "p", count: padding)
                + String(repeating: unit, count: 300)
            let json = try shortened("[\"\(inside)\",1]")
            let string = try #require(JSONValue(parsing: json)[element: 0]?.string)
            #expect(!string.contains("\u{FFFD}"))
            #expect(string.contains("bytes left out"))
        }
    }

    @Test func givesTheSameWhereverItsBytesAreCut() throws {
        let text =
            #"{"k\"":"\ud83d\ude00é"# + String(repeating: #"\u00e9x"#, count: 60)
            + #"","n":[1,"漢"]}"#
        let whole = try shortened(text)
        for cut in 0...text.utf8.count {
            #expect(try shortened(text, cutAt: cut) == whole)
        }
    }

    @Test func refusesWhatIsLargeWithoutLongStrings() {
        let text = "[" + String(repeating: "1,", count: 4096) + "1]"
        #expect {
            try shortened(text)
        } throws: { error in
            (error as? ToolError)?.code == .tooLarge
        }
    }

    @Test func boundsWhatIsNoTextAtAll() throws {
        var json = ShortenedJSON(limits: limits)
        let noise = [UInt8](repeating: 0x80, count: 1000)
        try json.append([UInt8(ascii: "\"")].span)
        for _ in 0..<100 { try json.append(noise.span) }
        #expect(json.finish().count < 200)
    }
}

extension JSONValue {
    fileprivate subscript(element index: Int) -> JSONValue? { array?[index] }
}
