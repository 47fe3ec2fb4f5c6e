import Foundation
import Harmony
import Testing

/// A file of cases, each an input and what the reference implementation made of it.
///
/// The library's own tests read the same files; here they are the input of a process as they are.
enum CaseFile: String {
    case textEncode = "text_encode"
    case specialEncode = "special_encode"
    case decode
    case render
    case parse

    var url: URL {
        URL(filePath: #filePath)
            .deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "HarmonyTests/Cases/\(rawValue).jsonl")
    }

    /// The cases, each with what `hocket harmony` answered to its line.
    func answered(by arguments: String...) async throws -> [(test: JSONValue, answer: JSONValue)] {
        let outcome = try await HocketProcess.run(["harmony"] + arguments, input: url)
        #expect(outcome.succeeded)
        let tests = try JSONLines.values(Data(contentsOf: url))
        let answers = try JSONLines.values(outcome.output)
        try #require(tests.count == answers.count)
        for (test, answer) in zip(tests, answers) { try #require(test["id"] == answer["id"]) }
        return Array(zip(tests, answers))
    }
}

/// Texts of one JSON value a line.
enum JSONLines {
    static func values(_ data: Data) throws -> [JSONValue] {
        try data.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
    }
}

extension JSONValue {
    /// The elements of a list of token ids.
    var tokens: [TokenID] {
        (array ?? []).compactMap { $0.integer.flatMap(TokenID.init(exactly:)) }
    }
}
