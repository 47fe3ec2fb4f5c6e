import Harmony
import HocketEngine

/// What a tool answered, turned into one text that the model can read (2026-07-28, Tools: Tool
/// Result).
///
/// The model reads text only: pictures and sound become a note that says what they are.
struct ToolContent: Sendable {
    /// Everything, in the tool's order.
    let text: String
    /// Whether the tool says that it failed.
    let isError: Bool

    /// Reads the result of `tools/call`.
    ///
    /// - Throws: ``ToolError`` `invalidAnswer` when it is none, or asks for something that this
    ///   client never offered.
    init(_ result: JSONValue) throws(ToolError) {
        guard result.object != nil else {
            throw ToolError(code: .invalidAnswer, message: "the tool's result is no object")
        }
        try Self.checkKind(result)
        isError = result["isError"]?.bool ?? false
        let parts = result["content"]?.array ?? []
        let texts = parts.map(Self.text)
        // Structured content is meant for programs, and servers repeat it as text; it is used
        // where they do not.
        if let structured = result["structuredContent"], !parts.contains(where: Self.hasText) {
            text = (texts + [structured.compact]).joined(separator: "\n")
        } else {
            text = texts.joined(separator: "\n")
        }
    }

    private static func checkKind(_ result: JSONValue) throws(ToolError) {
        let kind = result["resultType"]?.string ?? "complete"
        guard kind != "complete" else { return }
        let asked = result["inputRequests"]?.object?.members.compactMap {
            $0.value["method"]?.string
        }
        throw ToolError(
            code: .invalidAnswer,
            message: "the tool did not finish its work, and wants what this client does not offer",
            cause: "its result is '\(kind)'"
                + (asked.map { ", it asks for \($0.joined(separator: ", "))" } ?? "")
        )
    }

    private static func hasText(_ part: JSONValue) -> Bool {
        part["type"]?.string == "text" && part["text"]?.string?.isEmpty == false
    }
}

extension ToolContent {
    private static func text(_ part: JSONValue) -> String {
        let type = part["type"]?.string ?? ""
        return switch type {
        case "text": part["text"]?.string ?? ""
        case "image", "audio": note(type, [mediaType(part), size(part["data"])])
        case "resource_link": link(part)
        case "resource": resource(part["resource"] ?? .null)
        default: note("content of an unknown type", [type])
        }
    }

    private static func link(_ part: JSONValue) -> String {
        note(
            "link to a resource",
            [
                part["title"]?.string ?? part["name"]?.string, part["uri"]?.string,
                mediaType(part), part["description"]?.string,
            ]
        )
    }

    private static func resource(_ resource: JSONValue) -> String {
        let head = note(
            "resource",
            [resource["uri"]?.string, mediaType(resource), size(resource["blob"])]
        )
        guard let text = resource["text"]?.string else { return head }
        return head + "\n" + text
    }

    private static func mediaType(_ part: JSONValue) -> String? {
        part["mimeType"]?.string
    }

    /// How many bytes some base64 stands for, if all of it arrived.
    private static func size(_ data: JSONValue?) -> String? {
        guard let base64 = data?.string else { return nil }
        guard !base64.contains("…") else { return "many bytes" }
        let padding = base64.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
        return "\(max(base64.utf8.count / 4 * 3 - padding, 0)) bytes"
    }

    private static func note(_ what: String, _ details: [String?]) -> String {
        let details = details.compactMap { $0 }.filter { !$0.isEmpty }
        return "[\(([what] + details).joined(separator: ", "))]"
    }
}
