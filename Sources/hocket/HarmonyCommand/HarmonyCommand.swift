import ArgumentParser

/// `hocket harmony`: the Harmony format for people and scripts.
struct HarmonyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "harmony",
        abstract: "Encode, decode, render, parse or look at Harmony.",
        discussion: """
            All but inspect read JSON lines, one request each, and answer each with one JSON line. \
            A request's 'id' is echoed and fields that are not known are ignored. What cannot be \
            answered gives 'error' with 'type' and 'message', and the number of the line; the \
            lines after it are answered all the same. Blank lines are skipped.
            """,
        subcommands: [
            EncodeCommand.self, DecodeCommand.self, RenderCommand.self, ParseCommand.self,
            InspectCommand.self,
        ]
    )
}
