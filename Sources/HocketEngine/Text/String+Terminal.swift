extension String {
    /// The text as it may be written to a terminal or a log: in quotes unless it is one plain word.
    ///
    /// Names and texts come from workers, tool servers and clients. A control character among them
    /// could move the cursor or change the title, a line break could forge a line, and a direction
    /// mark could turn one around, so whatever is not visible is escaped.
    public var shownInTerminal: String {
        guard isEmpty || unicodeScalars.contains(where: { !$0.isPlain }) else { return self }
        var shown = "\""
        for scalar in unicodeScalars { shown += scalar.shownInQuotes }
        return shown + "\""
    }
}

extension Unicode.Scalar {
    /// Whether it needs no quotes: it is visible, and separates nothing in a line's fields.
    fileprivate var isPlain: Bool {
        switch self {
        case "\"", "\\", "=", ":", ",": false
        default: isVisible
        }
    }

    fileprivate var shownInQuotes: String {
        switch self {
        case "\"", "\\": "\\\(self)"
        case "\n": "\\n"
        case "\t": "\\t"
        case " ": " "
        case _ where isVisible: String(self)
        default: "\\u{\(String(value, radix: 16))}"
        }
    }

    private var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            false
        default: true
        }
    }
}
