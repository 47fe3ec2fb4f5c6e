import ArgumentParser
import Glibc
import Harmony
import SystemPackage

/// `hocket harmony inspect`: tokens as a person reads them.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show tokens as Harmony text.",
        discussion: """
            Without ids among the arguments, each line of standard input is a list of ids, or a \
            JSON object that holds one as 'tokens', as render answers it.

            On a terminal, special tokens and headers are coloured, reasoning is dim and \
            commentary yellow; NO_COLOR turns that off. Characters that would move the cursor or \
            turn the line around are shown as \\u{…}.
            """
    )

    @Flag(help: "Show the id of every token after its text.")
    var ids = false

    @Argument(help: "The ids of the tokens.")
    var tokens: [TokenID] = []

    func run() throws {
        let view = TokenView(isColored: Self.isColorWanted, showsIDs: ids)
        guard tokens.isEmpty else { return try LinePipe.write(Array(view.text(of: tokens).utf8)) }
        var number = 0
        try LinePipe.run { line, output in
            number += 1
            guard !line.isBlank else { return }
            do throws(LineError) {
                output.append(contentsOf: view.text(of: try Self.tokens(in: line)).utf8)
            } catch {
                let complaint = "line \(number): \(error.message)\n"
                try FileDescriptor.standardError.writeAll(complaint.utf8)
            }
        }
    }

    private static func tokens(in line: ArraySlice<UInt8>) throws(LineError) -> [TokenID] {
        let text = String(decoding: line, as: UTF8.self)
        if text.contains("{") { return try LineRequest(line: line).tokens("tokens") }
        var tokens: [TokenID] = []
        for word in text.split(whereSeparator: { " \t\r,[]".contains($0) }) {
            guard let token = TokenID(word) else {
                throw LineError(.value, "'\(word)' is no token id")
            }
            tokens.append(token)
        }
        return tokens
    }

    /// Whether a person looks, who has not turned colours off (no-color.org).
    private static var isColorWanted: Bool {
        let refusal = unsafe getenv("NO_COLOR").map { unsafe String(cString: $0) } ?? ""
        return refusal.isEmpty && isatty(STDOUT_FILENO) == 1
    }
}
