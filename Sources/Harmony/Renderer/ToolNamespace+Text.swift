extension [String: ToolNamespace] {
    /// The tools section of a message, nil if there are no namespaces (<doc:Format>).
    var section: String? {
        guard !isEmpty else { return nil }
        return (["# Tools"] + sortedByKey.map(\.value.text)).joined(separator: "\n\n")
    }
}

extension ToolNamespace {
    /// The namespace as the model reads it; the description is a comment only if tools follow.
    fileprivate var text: String {
        let description = description ?? ""
        var lines = ["## \(name)\n"]
        lines += tools.isEmpty ? description.lines.map { String($0) } : description.commentLines
        guard !tools.isEmpty else { return lines.joined(separator: "\n") }
        lines.append("namespace \(name) {\n")
        for tool in tools { lines += tool.lines }
        lines.append("} // namespace \(name)")
        return lines.joined(separator: "\n")
    }
}

extension ToolDescription {
    fileprivate var lines: [String] {
        let argument = parameters.map { "_: \(TypeScript.type(of: $0))" } ?? ""
        return description.commentLines + ["type \(name) = (\(argument)) => any;\n"]
    }
}

extension String {
    /// The lines as the reference splits them: at line feeds, each with a carriage return before
    /// it or without; no empty line after the last one.
    var lines: [Substring] {
        var lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let last = lines.removeLast()
        lines = lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
        return (last.isEmpty ? lines : lines + [last]).map { Substring($0) }
    }

    /// The lines, each behind a comment mark.
    var commentLines: [String] { lines.map { "// \($0)" } }
}
