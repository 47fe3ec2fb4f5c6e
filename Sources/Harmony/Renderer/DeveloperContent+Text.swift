extension DeveloperContent {
    /// What the model reads of this (<doc:Format>): sections with an empty line between them.
    var text: String {
        let formats = responseFormats.isEmpty ? nil : responseFormatsSection
        return [instructionsSection, tools.section, formats]
            .compactMap(\.self).joined(separator: "\n\n")
    }

    private var instructionsSection: String? {
        instructions.map { "# Instructions\n\n\($0)" }
    }

    /// Whether something stands above the response formats.
    var hasSectionsBeforeFormats: Bool { instructions != nil || !tools.isEmpty }

    /// The response formats as the reference's documentation describes them.
    var responseFormatsSection: String {
        "# Response Formats\n\n" + responseFormats.map(\.text).joined(separator: "\n\n")
    }
}

extension ResponseFormat {
    fileprivate var text: String {
        let comment = (description ?? "").commentLines.map { $0 + "\n" }.joined()
        return "## \(name)\n\n\(comment)\(schema.compact)"
    }
}
