import HocketWire
import NIOCore

/// A row of a STEP, copied out of it.
struct Row: Equatable {
    var stream: UInt32
    var tokens: [UInt32]
    var logprobs: [Float] = []
    var top: [[UInt32]] = []
}

/// What a STEP said, copied out of it.
struct StepContent: Equatable {
    var number: UInt64
    var monotonicNanoseconds: UInt64
    var rows: [Row]
}

extension MessageDecoder {
    /// Copies a STEP.
    func content(of frame: Frame) throws(WireError) -> StepContent {
        var content = StepContent(number: 0, monotonicNanoseconds: 0, rows: [])
        try withStep(frame) { step in
            content.number = step.number
            content.monotonicNanoseconds = step.monotonicNanoseconds
            step.forEachRow { stream, tokens, logprobs in
                var row = Row(stream: stream.rawValue, tokens: tokens.indices.map { tokens[$0] })
                if !logprobs.isEmpty {
                    row.logprobs = tokens.indices.map { logprobs[$0] }
                    row.top = tokens.indices.map { index in
                        (0..<logprobs.topCount).map { logprobs.top(index, rank: $0).tokenID }
                    }
                }
                content.rows.append(row)
            }
        }
        return content
    }

    /// Copies the STEP with this message.
    func content(ofMessage message: [UInt8]) throws -> StepContent {
        let bytes = frameBytes(type: 5, message: message)
        let received = try frames(of: [preface + emptyHello + bytes], receiver: .router)
        return try content(of: received[1])
    }
}
