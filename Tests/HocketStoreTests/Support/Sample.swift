import HocketEngine

/// Responses and events that tests store; the bytes tell one from another.
enum Sample {
    static let time = 1_760_000_000

    static func response(
        _ id: String,
        after previousID: String? = nil,
        createdAt: Int = time,
        isFinished: Bool = true,
        objectBytes: Int? = nil
    ) -> StoredResponse {
        StoredResponse(
            id: id,
            previousID: previousID,
            createdAt: createdAt,
            inputItems: Array(#"[{"role":"user","content":"\#(id)"}]"#.utf8),
            state: state(of: id, isFinished: isFinished, objectBytes: objectBytes)
        )
    }

    static func state(
        of id: String,
        isFinished: Bool = true,
        objectBytes: Int? = nil
    ) -> ResponseState {
        let status = isFinished ? "completed" : "in_progress"
        let object = Array(#"{"id":"\#(id)","status":"\#(status)"}"#.utf8)
        return ResponseState(
            status: status,
            isFinished: isFinished,
            updatedAt: time + 1,
            object: objectBytes.map { [UInt8](repeating: 0x20, count: $0) } ?? object
        )
    }

    /// A response whose parts together count `bytes`.
    static func response(
        _ id: String,
        bytes: Int,
        isFinished: Bool = true
    ) -> StoredResponse {
        var response = response(id, isFinished: isFinished, objectBytes: bytes)
        response.inputItems = []
        return response
    }

    static func events(_ numbers: Range<Int>) -> EventRun {
        var run = EventRun(startingAt: numbers.lowerBound)
        for number in numbers { run.append(event(number).span) }
        return run
    }

    static func event(_ number: Int) -> [UInt8] {
        let padding = String(repeating: "é", count: number % 7)
        return Array("event: a.delta\ndata: {\"n\":\(number),\"t\":\"\(padding)\"}\n\n".utf8)
    }
}
