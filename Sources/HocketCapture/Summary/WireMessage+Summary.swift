import Harmony
import HocketWire

extension WireMessage {
    /// What the message says; what each field means is in <doc:InspectionFormat>.
    func summary(of head: FrameHead, _ showsContent: Bool) -> JSONObject {
        switch self {
        case .hello(let hello): hello.summary
        case .helloAck(let ack): ack.summary
        case .submit(let submit): submit.summary(of: head)
        case .accept(let accept): accept.summary
        case .finish(let finish): finish.summary(showsContent)
        case .cancel(let cancel): ["reason": .name(cancel.reason)]
        case .credit(let credit): [head.stream == 0 ? "bytes" : "tokens": .count(credit.amount)]
        case .ping(let ping), .pong(let ping): ["nonce": .string(String(ping.nonce, radix: 16))]
        case .goAway(let goAway): goAway.summary(showsContent)
        case .status(let status): status.summary(showsContent)
        case .event(let event): event.summary(showsContent)
        case .query(let query):
            ["method": .string(query.method), "arguments_bytes": .count(query.arguments.count)]
        case .reply(let reply): reply.summary(showsContent)
        case .streamError(let status), .connectionError(let status):
            JSONObject(status, showsContent)
        }
    }
}

extension JSONObject {
    fileprivate init(_ status: Status, _ showsContent: Bool) {
        self.init()
        add(status, showsContent)
    }
}

extension Hello {
    fileprivate var summary: JSONObject {
        var summary: JSONObject = [
            "name": .string(name), "build": .string(build), "minor": .count(minorMax),
        ]
        if !engine.isEmpty { summary["engine"] = .string(engine) }
        if role == .worker {
            summary["generation"] = .count(generation)
            summary["models"] = .array(models.map { .string($0.id) })
        }
        return summary
    }
}

extension HelloAck {
    fileprivate var summary: JSONObject {
        var summary: JSONObject = ["worker": .string(workerID), "minor": .count(minor)]
        if !rejected.isEmpty { summary["rejected"] = .count(rejected.count) }
        return summary
    }
}

extension GoAway {
    fileprivate func summary(_ showsContent: Bool) -> JSONObject {
        var summary: JSONObject = [
            "reason": .name(reason), "last": .count(lastStreamID.rawValue),
        ]
        if let graceMilliseconds { summary["grace_ms"] = .count(graceMilliseconds) }
        summary.add(text: message, as: "message", showsContent)
        return summary
    }
}

extension WorkerStatus {
    fileprivate func summary(_ showsContent: Bool) -> JSONObject {
        var summary: JSONObject = [
            "health": .name(health), "running": .count(runningStreams),
            "waiting": .count(waitingStreams), "kv": .quantity(cacheUsed),
            "tok_s": .quantity(tokensPerSecond),
        ]
        if let age = lastStepAgeNanoseconds { summary["step_age_ms"] = .count(age / 1_000_000) }
        summary.add(text: message, as: "message", showsContent)
        return summary
    }
}

extension WorkerEvent {
    fileprivate func summary(_ showsContent: Bool) -> JSONObject {
        switch body {
        case .log(let line):
            var summary: JSONObject = ["log": .name(line.severity)]
            summary.add(text: String(decoding: line.text, as: UTF8.self), as: "line", showsContent)
            return summary
        case .cache(let change):
            return ["cache": .name(change.kind), "blocks": .count(change.blockHashes.count)]
        case .unknown: return [:]
        }
    }
}

extension Reply {
    fileprivate func summary(_ showsContent: Bool) -> JSONObject {
        var summary = JSONObject(status, showsContent)
        summary["result_bytes"] = .count(result.count)
        return summary
    }
}
