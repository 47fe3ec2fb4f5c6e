import Harmony

/// The API's words for what the model does with a web browser, and the model's own.
///
/// The model names pages by numbers that only the browser knows, the API by their URLs. A URL is
/// told where the model wrote it, or where the browser shows it at the head of the page, as in
/// `[2] Title (https://example.org/)`.
enum WebSearchAction {
    /// The most pages that are told to have been found by one search.
    static let sourcesMax = 64

    /// What a call does.
    ///
    /// - Parameter arguments: As the model wrote them, whole or not.
    static func action(of function: BuiltInFunction, _ arguments: String) -> JSONObject {
        let said = try? JSONValue(parsing: arguments)
        switch function {
        case .search, .python: return ["type": "search", "query": text(said?["query"])]
        case .open:
            let url = said?["id"]?.string ?? said?["url"]?.string
            return ["type": "open_page", "url": url.map(JSONValue.string) ?? .null]
        case .find:
            return [
                "type": "find_in_page", "pattern": text(said?["pattern"]),
                "url": text(said?["url"]),
            ]
        }
    }

    /// What the model called; nil for an action that it cannot have asked for.
    static func function(of action: JSONObject) -> BuiltInFunction? {
        switch action["type"]?.string {
        case "search": .search
        case "open_page": .open
        case "find_in_page", "find": .find
        default: nil
        }
    }

    /// The arguments with which the model would have asked for an action.
    static func arguments(for action: JSONObject) -> String {
        var arguments = JSONObject()
        switch function(of: action) {
        case .search:
            arguments["query"] = action["query"] ?? action["queries"]?.array?.first ?? ""
        case .open: arguments["id"] = action["url"].flatMap { $0.isNull ? nil : $0 }
        case .find:
            arguments["pattern"] = action["pattern"] ?? ""
            if let url = action["url"], url != "", !url.isNull { arguments["url"] = url }
        case .python, nil: break
        }
        return JSONValue.object(arguments).compact
    }

    /// An action with what is known of it when the browser has answered.
    ///
    /// - Parameter showsSources: Whether the pages that a search found are told.
    static func finished(
        _ action: JSONObject,
        with output: String,
        showsSources: Bool
    ) -> JSONObject {
        var action = action
        switch function(of: action) {
        case .search where showsSources: action["sources"] = .array(sources(in: output))
        case .open where action["url"]?.isNull == true, .find where action["url"] == "":
            if let url = urlOfPage(in: output) { action["url"] = .string(url) }
        default: break
        }
        return action
    }

    private static func text(_ value: JSONValue?) -> JSONValue { .string(value?.string ?? "") }

    // MARK: URLs in what a browser shows

    private static let schemes = ["https://", "http://"]

    /// The URL at the head of a page.
    private static func urlOfPage(in output: String) -> String? {
        let head = output.prefix { $0 != "\n" }
        guard head.hasPrefix("["), head.last == ")", let start = head.lastIndex(of: "(") else {
            return nil
        }
        let url = head[head.index(after: start)...].dropLast()
        guard schemes.contains(where: { url.hasPrefix($0) }) else { return nil }
        // The list of what was found in a page has the page's URL with this behind it.
        let page = url.firstRange(of: "/find?pattern=").map { url[..<$0.lowerBound] } ?? url
        return String(page)
    }

    /// The URLs that a text shows, each once, in their order.
    private static func sources(in output: String) -> [JSONValue] {
        var urls: [Substring] = []
        var rest = output[...]
        while urls.count < sourcesMax, let start = rest.firstRange(of: "http")?.lowerBound {
            rest = rest[start...]
            var url = rest.prefix { !$0.isWhitespace && !endsOfURLs.contains($0) }
            rest = rest.dropFirst(max(url.count, 1))
            // What ends a sentence ends no URL.
            if url.last == "." { url.removeLast() }
            guard schemes.contains(where: { url.hasPrefix($0) && url.count > $0.count }),
                !urls.contains(url)
            else { continue }
            urls.append(url)
        }
        return urls.map { ["type": "url", "url": .string(String($0))] }
    }

    /// What no URL holds, or what mostly stands behind one.
    private static let endsOfURLs: Set<Character> = [
        "<", ">", "\"", "'", ")", "]", "}", ",", "【", "】", "†", "`", "|", "\\",
    ]
}
