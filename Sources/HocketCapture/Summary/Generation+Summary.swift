import Harmony
import HocketWire

extension Submit {
    /// The prompt is counted by the frame's header: it may not have been kept.
    func summary(of head: FrameHead) -> JSONObject {
        var summary: JSONObject = ["req": .name(requestID)]
        if !model.isEmpty { summary["model"] = .string(model) }
        let promptBytes = Int(head.bodyBytes) - Int(head.messageBytes)
        summary["prompt"] = .count(promptBytes / MemoryLayout<UInt32>.size)
        if let max = sampling.outputTokensMax { summary["max"] = .count(max) }
        summary["credit"] = .count(creditTokens)
        if let deadline = deadlineNanoseconds {
            summary["deadline_ms"] = .count(deadline / 1_000_000)
        }
        if let temperature = sampling.temperature { summary["temp"] = .quantity(temperature) }
        if sampling.logprobs { summary["logprobs"] = .count(sampling.topLogprobs) }
        if let constraint { summary["constraint"] = .string(constraint.kind.name) }
        if priority != 0 { summary["priority"] = .count(priority) }
        return summary
    }
}

extension Constraint.Kind {
    /// The kind alone: what it demands is part of what the client asked.
    fileprivate var name: String {
        switch self {
        case .jsonSchema: "jsonSchema"
        case .jsonObject: "jsonObject"
        case .regex: "regex"
        case .grammar: "grammar"
        case .structuralTag: "structuralTag"
        case .choice: "choice"
        case .unknown: "unknown"
        }
    }
}

extension Accept {
    var summary: JSONObject {
        ["queue": .count(queuePosition), "cached": .count(cachedTokens)]
    }
}

extension Finish {
    func summary(_ showsContent: Bool) -> JSONObject {
        var summary: JSONObject = ["reason": .name(reason)]
        if let stop = stopText(showsContent) { summary["stop"] = .string(stop) }
        summary["sent"] = .count(emittedTokens)
        summary["prompt"] = .count(usage.promptTokens)
        summary["cached"] = .count(usage.cachedTokens)
        summary["out"] = .count(usage.outputTokens)
        if status != .ok { summary.add(status, showsContent) }
        return summary
    }

    /// A special token tells how the model ended its turn; any other is a piece of text.
    private func stopText(_ showsContent: Bool) -> String? {
        guard let matchedStopID else { return nil }
        if let special = SpecialToken(rawValue: matchedStopID) { return special.text }
        return showsContent ? Tokenizer().text(of: CollectionOfOne(matchedStopID)) : nil
    }
}
