import Harmony
import Testing

@Suite struct UTF8AssemblerTests {
    /// Bytes and their text by the rule of maximal subparts (Unicode 16, section 3.9).
    private static let examples: [([UInt8], String)] = [
        ([], ""),
        (Array("plain".utf8), "plain"),
        (Array("é中😀\u{10FFFF}".utf8), "é中😀\u{10FFFF}"),
        ([0xC0, 0xAF], "��"),
        ([0xE0, 0x80, 0xBF, 0x41], "���A"),
        ([0xED, 0xA0, 0x80], "���"),
        ([0xF0, 0x80, 0x80, 0x41], "���A"),
        ([0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42], "�����A��B"),
        ([0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41], "����A"),
        ([0xF0, 0x9F, 0x98, 0x68, 0x69], "�hi"),
        ([0x68, 0xC3], "h�"),
        ([0xC3, 0xC3, 0xA9], "�é"),
        ([0xF0, 0x9F, 0xF0, 0x9F, 0x98, 0x80], "�😀"),
    ]

    @Test(arguments: examples)
    func replacesEachMaximalSubpartHoweverThePiecesAreCut(bytes: [UInt8], text: String) {
        #expect(assemble([bytes]).joined() == text)
        #expect(assemble(bytes.map { [$0] }).joined() == text)
        for cut in 0...bytes.count {
            #expect(assemble([Array(bytes[..<cut]), Array(bytes[cut...])]).joined() == text)
        }
    }

    @Test func agreesWithTheStandardLibraryOnAllShortSequences() {
        let interesting: [UInt8] = [
            0x41, 0x80, 0x8F, 0x9F, 0xBF, 0xC1, 0xC3, 0xE0, 0xE2, 0xED, 0xF0, 0xF1, 0xF4, 0xF5,
        ]
        for first in interesting {
            for second in interesting {
                for third in interesting {
                    for fourth in interesting {
                        let bytes = [first, second, third, fourth]
                        let text = assemble([bytes]).joined()
                        guard text != String(decoding: bytes, as: UTF8.self) else { continue }
                        Issue.record("\(bytes) became \(text)")
                    }
                }
            }
        }
    }

    @Test func holdsNothingBackButTheBeginningOfACharacter() {
        var assembler = UTF8Assembler()
        #expect(append([0xF0, 0x9F, 0x98], to: &assembler) == [])
        #expect(assembler.isPending)
        #expect(append([0x68, 0x69], to: &assembler) == ["�", "hi"])
        #expect(!assembler.isPending)
        #expect(append([0xFF, 0x68, 0xE2, 0x82], to: &assembler) == ["�", "h"])
        #expect(append([0xAC, 0x21], to: &assembler) == ["€", "!"])
        #expect(append([], to: &assembler) == [])
    }

    @Test func countsWhatItReplaces() {
        var assembler = UTF8Assembler()
        let bytes: [UInt8] = [0xFF, 0x41, 0xC3, 0x41, 0xE2, 0x82]
        #expect(assembler.append(bytes.span) { _ in } == 2)
        #expect(assembler.finish { _ in } == 1)
        #expect(assembler.finish { _ in } == 0)
    }

    private func append(_ bytes: [UInt8], to assembler: inout UTF8Assembler) -> [String] {
        var pieces: [String] = []
        _ = assembler.append(bytes.span) { pieces.append(String(decoding: $0)) }
        return pieces
    }

    private func assemble(_ pieces: [[UInt8]]) -> [String] {
        var assembler = UTF8Assembler()
        var text = pieces.flatMap { append($0, to: &assembler) }
        _ = assembler.finish { text.append(String(decoding: $0)) }
        #expect(!text.contains(""))
        return text
    }
}
