import Foundation
import Testing

/// What `--help` says of each command, kept in files that `Golden/Help/update.sh` writes anew.
struct HelpTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent()
        .appending(path: "Golden/Help")

    /// The words of each command whose help is kept, with underscores between them.
    private static let kept: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
        .filter { $0.hasSuffix(".txt") }
        .map { String($0.dropLast(".txt".count)) }
        .sorted()

    @Test(arguments: kept)
    func helpIsAsKept(command: String) async throws {
        let file = Self.folder.appending(path: "\(command).txt")
        #expect(try await help(of: command) == String(contentsOf: file, encoding: .utf8))
    }

    @Test(arguments: kept)
    func helpOfEachSubcommandIsKept(command: String) async throws {
        let help = try await help(of: command)
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "SUBCOMMANDS:") else { return }
        for line in lines[(start + 1)...].prefix(while: { !$0.isEmpty }) {
            // Two blanks before a subcommand, many before the rest of what it does.
            guard line.prefix(3).last != " " else { continue }
            let name = line.split(separator: " ")[0]
            #expect(Self.kept.contains("\(command)_\(name)"))
        }
    }

    @Test func somethingIsKept() {
        #expect(Self.kept.contains("hocket"))
    }

    private func help(of command: String) async throws -> String {
        let words = command.split(separator: "_").dropFirst().map(String.init)
        let nothing = URL(filePath: "/dev/null")
        let outcome = try await HocketProcess.run(words + ["--help"], input: nothing)
        #expect(outcome.succeeded)
        return outcome.text
    }
}
