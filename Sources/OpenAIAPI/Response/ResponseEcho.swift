import Harmony
import NIOCore

/// The members of a response that never change while it is made, rendered once.
///
/// A response with large tools is written at least three times in a stream; only the members
/// between these parts differ.
struct ResponseEcho: Hashable, Sendable {
    /// `background`, which stands between the status and the outcome.
    let background: ByteBuffer
    /// What stands between the outcome and `output`.
    let beforeOutput: ByteBuffer
    /// What stands between `output` and `usage`.
    let afterOutput: ByteBuffer
    /// What stands after `usage`.
    let afterUsage: ByteBuffer

    /// Renders what a response repeats of its request; <doc:Parameters> says of what.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - model: The name of the model that answers, as the worker calls it.
    init(_ request: ResponsesRequest, model: String) {
        background = Self.render { json in json.member("background", request.background) }
        beforeOutput = Self.render { json in Self.writeLimits(of: request, model, to: &json) }
        afterOutput = Self.render { json in
            Self.writeState(of: request, to: &json)
            Self.writeSampling(of: request.sampling, to: &json)
            Self.writeForm(of: request, to: &json)
        }
        afterUsage = Self.render { json in
            json.member("user", request.labels.user)
            json.member("metadata", .object(request.metadata))
        }
    }

    /// Takes what a response repeats of its request from a response object.
    init(of object: JSONObject) {
        let own = [
            "id", "object", "created_at", "status", "completed_at", "error", "incomplete_details",
        ]
        var parts = [JSONObject(), JSONObject(), JSONObject()]
        var background = JSONObject()
        var part = 0
        for member in object.members {
            switch member.key {
            case "background": background[member.key] = member.value
            case "output", "usage": part = min(part + 1, 2)
            case let key where own.contains(key): continue
            case let key: parts[part][key] = member.value
            }
        }
        self.background = Self.rendered(background)
        beforeOutput = Self.rendered(parts[0])
        afterOutput = Self.rendered(parts[1])
        afterUsage = Self.rendered(parts[2])
    }

    /// The members of an object without its braces.
    private static func rendered(_ object: JSONObject) -> ByteBuffer {
        ByteBuffer(string: String(JSONValue.object(object).compact.dropFirst().dropLast()))
    }

    private static func render(_ body: (inout JSONWriter) -> Void) -> ByteBuffer {
        var json = JSONWriter()
        body(&json)
        return json.buffer
    }

    private static func writeLimits(
        of request: ResponsesRequest,
        _ model: String,
        to json: inout JSONWriter
    ) {
        json.member("instructions", request.instructions)
        json.member("max_output_tokens", request.maxOutputTokens)
        json.member("max_tool_calls", request.maxToolCalls)
        json.member("model", model)
    }

    private static func writeState(of request: ResponsesRequest, to json: inout JSONWriter) {
        json.member("parallel_tool_calls", request.parallelToolCalls)
        json.member("previous_response_id", request.previousResponseID)
        if let id = request.conversationID {
            json.member("conversation") { json in json.object { json in json.member("id", id) } }
        }
        json.member("prompt_cache_key", request.labels.promptCacheKey)
        json.member("reasoning") { json in request.reasoning.write(to: &json) }
        json.member("safety_identifier", request.labels.safetyIdentifier)
        json.member("service_tier", request.serviceTier)
        json.member("store", request.store)
    }

    private static func writeSampling(of sampling: SamplingOptions, to json: inout JSONWriter) {
        json.member("temperature", sampling.temperature.map { .number($0) } ?? 1.0)
        json.member("top_p", sampling.topP.map { .number($0) } ?? 1.0)
        json.member("presence_penalty", sampling.presencePenalty.map { .number($0) } ?? 0.0)
        json.member("frequency_penalty", sampling.frequencyPenalty.map { .number($0) } ?? 0.0)
        json.member("top_logprobs", sampling.topLogprobs)
    }

    private static func writeForm(of request: ResponsesRequest, to json: inout JSONWriter) {
        json.member("text") { json in request.text.write(to: &json) }
        json.member("tool_choice") { json in request.toolChoice.write(to: &json) }
        json.member("tools") { json in
            json.array(of: request.tools) { tool, json in tool.write(to: &json) }
        }
        json.member("truncation", request.truncation.rawValue)
    }
}
