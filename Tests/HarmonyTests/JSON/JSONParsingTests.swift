import Harmony
import Testing

@Suite struct JSONParsingTests {
    @Test(
        arguments: [
            ("null", nil),
            (" true\n", true),
            ("\t[ ]\r", []),
            ("{}", [:]),
            (#"{"b":1,"a":[2,{"c":null}]}"#, ["b": 1, "a": [2, ["c": nil]]]),
            (#""héllo 😀""#, "héllo 😀"),
        ] as [(String, JSONValue)]
    )
    func readsEveryKindOfValue(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"),
        (#""\ud83d\ude00""#, "😀"),
        (#""\u0000""#, "\0"),
        (#""a\ud83db""#, "a\u{FFFD}b"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ])
    func replacesEscapes(text: String, value: String) throws {
        #expect(try JSONValue(parsing: text) == .string(value))
    }

    @Test(arguments: ["0", "-0", "1.0", "1e5", "1E+05", "-12.50e-3", "12345678901234567890123"])
    func keepsTheSpellingOfNumbers(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value == JSONNumber(text: text).map(JSONValue.number))
        #expect(value.compact == text)
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("nul", 3), ("nulL", 3), ("truee", 4), ("1 2", 2), ("[1,]", 3),
        ("[1 2]", 3), ("[", 1), ("[1", 2), ("{", 1), (#"{"a""#, 4), (#"{"a" 1}"#, 5),
        (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), ("{a:1}", 1), ("01", 1), ("-", 1), ("-a", 1),
        ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), ("+1", 0), (".5", 0), ("NaN", 0),
        (#""abc"#, 4), (#""a\"#, 3), (#""a\x""#, 3), (#""\u12g4""#, 5), (#""\u12"#, 5),
        (#""\u12""#, 5), (#""\ud83d\u1""#, 10), ("\"a\nb\"", 2), ("\"\0\"", 1), ("\u{FEFF}1", 0),
        ("'a'", 0), ("1//", 1),
    ])
    func saysWhereATextIsWrong(text: String, offset: Int) {
        #expect(offsetOfError(in: Array(text.utf8)) == offset)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1),
            ([0x22, 0x61, 0xC3, 0x22], 2),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0x5C, 0x6E, 0xC0, 0xAF, 0x22], 3),
            ([0x22, 0xF0, 0x9F, 0x98], 4),
        ] as [([UInt8], Int)]
    )
    func refusesWhatIsNotUTF8(bytes: [UInt8], offset: Int) {
        #expect(offsetOfError(in: bytes) == offset)
    }

    @Test func limitsTheDepth() throws {
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(throws: Never.self) { try JSONValue(parsing: deep) }
        #expect(offsetOfError(in: Array("[\(deep)]".utf8)) == 128)
        #expect(throws: Never.self) { try JSONValue(parsing: "[[],[]]", depthMax: 2) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[[[]]]", depthMax: 2) }
        let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(offsetOfError(in: bomb) == 128)
    }

    @Test func failsOnEveryPrefixOfAText() {
        let text = Array(#"{"a":[1.5e3,"x\u00e9\n",true,null,{"é":{}}]}"#.utf8)
        #expect(offsetOfError(in: text) == nil)
        for end in text.indices {
            #expect(offsetOfError(in: Array(text[..<end])) != nil, "the first \(end) bytes")
        }
    }

    private func offsetOfError(in bytes: [UInt8]) -> Int? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes)
            return nil
        } catch {
            return error.offset
        }
    }
}
