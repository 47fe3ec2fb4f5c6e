import Harmony
import HocketEngine
import HocketWire

/// What a worker answers to a QUERY.
extension RouterChannelHandler {
    /// What the rest of a REPLY takes beside its result.
    private static let replyBytes = 1024

    func receive(_ query: Query, on id: StreamID, frameBytes: Int) throws(WireError) {
        try machine.queryReceived(on: id)
        send(.credit(Credit(frameBytes)))
        send(.reply(reply(to: query)), on: id)
    }

    private func reply(to query: Query) -> Reply {
        guard query.method == "describe" else {
            let words = "there is no method '\(query.method.prefix(100))' (there is: 'describe')"
            return Reply(status: Status(.unimplemented, words))
        }
        let result = Array(JSONValue.object(description).compact.utf8)
        let bytesMax = output.limits.frameBytesMax - Self.replyBytes
        guard result.count <= bytesMax else {
            let words = "the answer has \(result.count) bytes (max: \(bytesMax))"
            return Reply(status: Status(.resourceExhausted, words))
        }
        return Reply(result: result)
    }

    /// What the worker tells a person about itself; the engine adds to it, and replaces nothing.
    private var description: JSONObject {
        var description: JSONObject = [
            "name": .string(hello.name),
            "generation": .number(JSONNumber(hello.generation)),
            "build": .string(hello.build),
            "engine": .string(hello.engine),
            "models": .array(hello.models.map(\.json)),
            "streams_max": .number(JSONNumber(hello.limits.streamsMax)),
            "running_streams": .number(JSONNumber(machine.runningStreams)),
            "steps": .number(JSONNumber(steps.number)),
        ]
        for member in details.members where description[member.key] == nil {
            description[member.key] = member.value
        }
        return description
    }
}

extension ModelInfo {
    fileprivate var json: JSONValue {
        [
            "id": .string(id),
            "context_tokens_max": .number(JSONNumber(contextTokensMax)),
        ]
    }
}
