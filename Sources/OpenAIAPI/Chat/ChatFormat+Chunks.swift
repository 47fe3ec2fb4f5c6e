/// Chunks of which there are few.
extension ChatFormat {
    /// Writes a chunk whose delta `delta` writes.
    func writeChunk(
        finishReason: ChatFinishReason? = nil,
        logprobs: [TokenLogprob] = [],
        to events: inout EventWriter,
        _ delta: (inout JSONWriter) -> Void
    ) {
        events.chunk { json in
            json.rendered(head)
            json.member("choices") { json in
                json.array { json in
                    json.object { json in
                        json.member("index", 0)
                        json.member("delta") { json in json.object(delta) }
                        json.memberOfChoice(logprobs: logprobs)
                        json.member("finish_reason", finishReason?.rawValue)
                    }
                }
            }
            if includesUsage { json.member("usage", literal: "null") }
        }
    }

    func writeReasoning(_ text: String, to events: inout EventWriter) {
        writeChunk(to: &events) { json in
            json.member("reasoning", text)
            json.member("reasoning_content", text)
        }
    }

    func writeContent(_ text: String, logprobs: [TokenLogprob], to events: inout EventWriter) {
        writeChunk(logprobs: logprobs, to: &events) { json in json.member("content", text) }
    }

    func writeCall(at index: Int, name: String, id: String, to events: inout EventWriter) {
        writeChunk(to: &events) { json in
            json.member("tool_calls") { json in
                json.array { json in
                    json.object { json in
                        json.member("index", index)
                        json.writeCallMembers(id: id, name: name, arguments: "")
                    }
                }
            }
        }
    }

    /// Writes the chunk after the last: no choices, but the usage.
    func write(_ usage: ResponseUsage, to events: inout EventWriter) {
        events.chunk { json in
            json.rendered(head)
            json.member("choices", literal: "[]")
            json.member("usage") { json in usage.writeForChat(to: &json) }
        }
    }
}

extension JSONWriter {
    /// Writes the `logprobs` of a choice: null where none were asked for.
    mutating func memberOfChoice(logprobs: [TokenLogprob]) {
        guard !logprobs.isEmpty else { return member("logprobs", literal: "null") }
        member("logprobs") { json in
            json.object { json in
                json.member("content", logprobs)
                json.member("refusal", literal: "null")
            }
        }
    }

    /// Writes the members of a call.
    mutating func writeCallMembers(id: String, name: String, arguments: String) {
        member("id", id)
        member("type", "function")
        member("function") { json in
            json.object { json in
                json.member("name", name)
                json.member("arguments", arguments)
            }
        }
    }
}

extension ResponseUsage {
    /// Writes the usage in the words of chat completions.
    func writeForChat(to json: inout JSONWriter) {
        json.object { json in
            json.member("prompt_tokens", inputTokens)
            json.member("completion_tokens", outputTokens)
            json.member("total_tokens", inputTokens + outputTokens)
            json.member("prompt_tokens_details") { json in
                json.object { json in json.member("cached_tokens", cachedTokens) }
            }
            json.member("completion_tokens_details") { json in
                json.object { json in json.member("reasoning_tokens", reasoningTokens) }
            }
        }
    }
}
