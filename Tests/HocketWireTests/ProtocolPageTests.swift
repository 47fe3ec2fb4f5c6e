import Foundation
import HocketWire
import Testing

/// `Protos/PROTOCOL.md` is what strangers build from, so what it states is checked.
@Suite struct ProtocolPageTests {
    private let page: String

    init() throws {
        let file = Golden.folder.appending(path: "../../PROTOCOL.md")
        page = try String(contentsOf: file, encoding: .utf8)
    }

    /// The cells of all rows of tables.
    private var rows: [[String]] {
        page.split(separator: "\n")
            .filter { $0.hasPrefix("|") }
            .map { line in
                line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            }
    }

    @Test(arguments: [
        "preface", "hello-ack", "submit", "step", "step-counts", "credit-stream", "finish",
        "stream-error",
    ])
    func annotatedBytesAreThoseOfTheGoldenFiles(name: String) throws {
        let file = Golden.folder.appending(path: "\(name).hex")
        #expect(page.contains(try String(contentsOf: file, encoding: .utf8)))
    }

    @Test(arguments: FrameType.allCases)
    func frameTypesAreThoseOfTheTable(type: FrameType) throws {
        let listed = rows.filter { $0.count >= 4 && $0[0] == "\(type.rawValue)" }
        try #require(!listed.isEmpty)
        for row in listed {
            #expect(row[1] == "\(type)")
        }
        let senders = Set(listed.map { $0[2] })
        let isRouters = senders.contains("both") || senders.contains("router")
        let isWorkers = senders.contains("both") || senders.contains("worker")
        #expect(isRouters == type.maySend(.router))
        #expect(isWorkers == type.maySend(.worker))
    }

    @Test func defaultLimitsAreThoseOfTheTable() {
        let limits = WireLimits()
        let expected = [
            "frame_bytes_max": limits.frameBytesMax,
            "submit_bytes_max": limits.submitBytesMax,
            "streams_max": limits.streamsMax,
            "prompt_tokens_max": limits.promptTokensMax,
            "step_rows_max": limits.stepRowsMax,
            "window_bytes": limits.windowBytes,
            "control_frames_per_second_max": limits.controlFramesPerSecondMax,
        ]
        for (field, value) in expected {
            let row = rows.first { $0.first == "`\(field)`" }
            #expect(row?[1].replacingOccurrences(of: ",", with: "") == "\(value)", "\(field)")
        }
    }

    @Test func vocabularyIsThatOfTheTable() {
        let vocabulary = VocabularyIdentity.o200kHarmony
        let expected = [
            "name": "`\(vocabulary.name)`", "size": "\(vocabulary.size)",
            "start_of_text_id": "\(vocabulary.startOfText)",
            "end_of_text_id": "\(vocabulary.endOfText)", "return_id": "\(vocabulary.return)",
            "constrain_id": "\(vocabulary.constrain)", "channel_id": "\(vocabulary.channel)",
            "start_id": "\(vocabulary.start)", "end_id": "\(vocabulary.end)",
            "message_id": "\(vocabulary.message)", "call_id": "\(vocabulary.call)",
        ]
        for (field, value) in expected {
            #expect(rows.first { $0.first == "`\(field)`" }?[1] == value, "\(field)")
        }
    }
}
