import Foundation
import HocketEngine
import HocketWire
import OpenAIAPI
import Testing

@testable import HocketResponses

/// The table of errors in `Protos/PROTOCOL.md` is what clients see of a worker's status.
@Suite struct ProtocolErrorTableTests {
    private struct Row {
        let codes: [String]
        let numbers: [String]
        let httpStatus: String

        /// Reads the cells of a line; nil for one of another table.
        init?(_ line: Substring) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 3, cells[0].hasPrefix("`CODE_") || cells[0] == "all others" else {
                return nil
            }
            codes = cells[0].replacingOccurrences(of: "`", with: "").components(separatedBy: ", ")
            numbers = cells[1].components(separatedBy: ", ")
            httpStatus = cells[2]
        }
    }

    private let rows: [Row]

    init() throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent()
            .appending(path: "../../Protos/PROTOCOL.md")
        rows = try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n")
            .filter { $0.hasPrefix("| ") }
            .compactMap { Row($0.dropFirst(2)) }
    }

    @Test(arguments: Status.Code.allCases.filter { $0 != .ok })
    func clientsSeeWhatTheTableSays(code: Status.Code) throws {
        let named = rows.first { $0.codes.contains(code.nameInThePage) }
        let row = try #require(named ?? rows.first { $0.codes == ["all others"] })
        let status = Status(code, "words", parameter: "input")
        let error = APIError(EngineError(status), model: "m", inputParameter: "input")
        // Who cancelled is gone, and sees nothing.
        #expect(row.httpStatus == (code == .cancelled ? "none" : "\(error.httpStatus)"))
    }

    @Test func numbersAreThoseOfTheCodes() throws {
        let named = rows.filter { $0.codes != ["all others"] }
        try #require(named.count >= 6)
        for row in named {
            let codes = row.codes.compactMap { name in
                Status.Code.allCases.first { $0.nameInThePage == name }
            }
            #expect(codes.map { "\($0.rawValue)" } == row.numbers)
        }
    }
}

extension Status.Code {
    /// `CODE_INVALID_ARGUMENT`.
    fileprivate var nameInThePage: String {
        "\(self)".reduce(into: "CODE_") { name, letter in
            if letter.isUppercase { name += "_" }
            name += letter.uppercased()
        }
    }
}
