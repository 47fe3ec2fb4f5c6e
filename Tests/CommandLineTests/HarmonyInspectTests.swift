import Foundation
import Glibc
import Harmony
import Testing

/// What `hocket harmony inspect` shows.
@Suite struct HarmonyInspectTests {
    private static let stream =
        "<|start|>user<|message|>hm<|end|>"
        + "<|start|>assistant<|channel|>analysis<|message|>thinking<|end|>"
        + "<|start|>assistant<|channel|>commentary to=functions.f<|message|>{}<|call|>"
        + "<|start|>assistant<|channel|>final<|message|>Hello!<|return|>"

    private static var line: String {
        let tokens = Tokenizer().encode(stream, allowing: SpecialToken.all)
        return tokens.map(String.init).joined(separator: " ") + "\n"
    }

    @Test func showsEachMessageOnALineOfItsOwn() async throws {
        let outcome = try await HocketProcess.run("harmony", "inspect", input: Self.line)
        #expect(
            outcome.text == """
                <|start|>user<|message|>hm<|end|>
                <|start|>assistant<|channel|>analysis<|message|>thinking<|end|>
                <|start|>assistant<|channel|>commentary to=functions.f<|message|>{}<|call|>
                <|start|>assistant<|channel|>final<|message|>Hello!<|return|>

                """
        )
    }

    @Test(
        arguments: [
            "13225 0", "[13225, 0]", #"{"id":"x","tokens":[13225,0]}"#, " 13225,0 \r",
        ]
    ) func readsListsInEveryForm(line: String) async throws {
        #expect(try await HocketProcess.run("harmony", "inspect", input: line).text == "Hello!\n")
    }

    @Test func takesTokensAsArguments() async throws {
        #expect(try await HocketProcess.run("harmony", "inspect", "13225", "0").text == "Hello!\n")
    }

    @Test func showsIDsBehindWholeCharacters() async throws {
        // U+1F468 is in two tokens.
        let outcome = try await HocketProcess.run(
            "harmony",
            "inspect",
            "--ids",
            input: "200008 13225 28823 101 0 300000"
        )
        #expect(
            outcome.text == "<|message|>⟨200008⟩Hello⟨13225⟩👨⟨28823 101⟩!⟨0⟩\u{FFFD}⟨300000⟩\n"
        )
    }

    @Test func spellsOutWhatWouldActOnTheTerminal() async throws {
        let tokens = Tokenizer().encode("a\u{1B}[2Jb\u{202E}c\n👨\u{200D}👩")
        let line = tokens.map(String.init).joined(separator: ",")
        let outcome = try await HocketProcess.run("harmony", "inspect", input: line)
        #expect(outcome.text == "a\\u{1b}[2Jb\\u{202e}c\n👨\u{200D}👩\n")
    }

    @Test func complainsOfBadLinesAndGoesOn() async throws {
        let outcome = try await HocketProcess.run(
            "harmony",
            "inspect",
            input: "13225 x\n\n{\"id\":1}\n13225\n"
        )
        #expect(outcome.succeeded)
        #expect(outcome.text == "Hello\n")
        #expect(
            String(decoding: outcome.complaints, as: UTF8.self) == """
                line 1: 'x' is no token id
                line 3: 'tokens' is missing

                """
        )
    }

    @Test func coloursChannelsOnATerminal() throws {
        let shown = try onTerminal(environment: [:])
        #expect(shown.contains("\u{1B}[35m<|start|>\u{1B}[0m\u{1B}[36muser\u{1B}[0m"))
        #expect(shown.contains("\u{1B}[2mthinking\u{1B}[0m"))
        #expect(shown.contains("\u{1B}[33m{}\u{1B}[0m"))
        #expect(shown.contains("<|message|>\u{1B}[0mHello!\u{1B}[35m<|return|>"))
    }

    @Test func leavesColoursOutWhereTheyAreNotWanted() throws {
        let shown = try onTerminal(environment: ["NO_COLOR": "1"])
        #expect(shown.contains("<|message|>thinking<|end|>"))
        #expect(!shown.contains("\u{1B}"))
    }

    /// Runs with a terminal as standard output, and returns what was written to it.
    private func onTerminal(environment: [String: String]) throws -> String {
        var (controller, terminal): (Int32, Int32) = (-1, -1)
        try #require(unsafe openpty(&controller, &terminal, nil, nil, nil) == 0)
        let (screen, standardOutput) = (
            FileHandle(fileDescriptor: controller, closeOnDealloc: true),
            FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
        )
        let process = try HocketProcess.prepared(["harmony", "inspect"])
        process.environment = environment
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = standardOutput
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(Self.line.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        // What was written comes piece by piece; when the last writer has closed its side of the
        // terminal, and all is read, reading fails. More than a byte at a time would be lost then.
        try standardOutput.close()
        var shown = Data()
        while let piece = try? screen.read(upToCount: 1), !piece.isEmpty { shown += piece }
        return String(decoding: shown, as: UTF8.self)
    }
}
