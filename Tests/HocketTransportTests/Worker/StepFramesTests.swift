import HocketTesting
import HocketWire
import NIOCore
import Testing

@testable import HocketTransport

/// Rows go into as few frames as the router takes, complete and in order.
@Suite struct StepFramesTests {
    @Test func rowsOfAStepShareAFrame() throws {
        let frames = try frames(of: [(1, [10, 11]), (3, [30]), (9, [90])])
        #expect(frames == [[Row(1, [10, 11]), Row(3, [30]), Row(9, [90])]])
    }

    @Test func rowOfAnEarlierStreamBeginsAFrame() throws {
        let frames = try frames(of: [(3, [30]), (1, [10]), (1, [11])])
        #expect(frames == [[Row(3, [30])], [Row(1, [10])], [Row(1, [11])]])
    }

    @Test func frameHasNoMoreRowsThanTheRouterTakes() throws {
        let rows = (0..<7).map { (StreamID(integerLiteral: 2 * $0 + 1), [$0]) }
        let frames = try frames(of: rows, limits: .with(stepRowsMax: 3))
        #expect(frames.map(\.count) == [3, 3, 1])
        #expect(frames.flatMap(\.self) == rows.map { Row($0, $1) })
    }

    @Test(arguments: [145, 150, 200, 300, 1000])
    func frameIsNoLongerThanTheRouterTakes(frameBytesMax: Int) throws {
        let tokens = (0..<500).map { 200_000 - UInt32($0) }
        let limits = PeerLimits.with(frameBytesMax: frameBytesMax)
        let frames = try frames(of: [(1, tokens), (3, tokens), (5, [1])], limits: limits)
        for (stream, expected) in [(1, tokens), (3, tokens), (5, [1])] as [(StreamID, [UInt32])] {
            let rows = frames.flatMap(\.self).filter { $0.stream == stream }
            #expect(rows.flatMap(\.tokens) == expected)
        }
    }

    @Test func routerThatTakesNoTokenIsAnError() {
        let error = #expect(throws: WireError.self) {
            try frames(of: [(1, [1])], limits: .with(frameBytesMax: 100))
        }
        #expect(error?.code == .frameTooLarge)
    }

    @Test func rowsWithLogProbabilitiesHaveFramesOfTheirOwn() throws {
        var output = FrameOutput()
        var steps = StepFrames()
        steps.number = 7
        for (stream, top) in [(1, nil), (3, 0), (5, 2), (7, nil), (9, 2)] as [(StreamID, Int?)] {
            let logprobs = top.map { LogprobColumns.counting(0..<2, top: $0) }
            try steps.add([8, 9].span, logprobs, to: stream, at: 1, output: &output)
        }
        try steps.flush(at: 1, into: &output)
        let frames = try read(output.takeBytes() ?? ByteBuffer(), WireLimits())
        #expect(frames.map { $0.map(\.stream) } == [[1, 7], [3], [5, 9]])
        #expect(frames.map { $0.map(\.topCount) } == [[nil, nil], [0], [2, 2]])
    }

    @Test(arguments: [200, 300, 1000])
    func frameWithLogProbabilitiesIsNoLongerThanTheRouterTakes(frameBytesMax: Int) throws {
        let limits = PeerLimits.with(frameBytesMax: frameBytesMax)
        var output = FrameOutput(limits: limits)
        var steps = StepFrames()
        let tokens = (0..<100).map { 200_000 - UInt32($0) }
        let logprobs = LogprobColumns.counting(0..<100, top: 3)
        try steps.add(tokens.span, logprobs, to: 1, at: 1, output: &output)
        try steps.flush(at: 1, into: &output)
        var received = WireLimits()
        received.frameBytesMax = frameBytesMax
        let rows = try read(output.takeBytes() ?? ByteBuffer(), received).flatMap(\.self)
        #expect(rows.flatMap(\.tokens) == tokens)
        #expect(rows.flatMap(\.logprobs) == (0..<100).map { -Float($0) })
    }

    @Test func nothingMakesNoFrame() throws {
        #expect(try frames(of: []) == [])
        #expect(try frames(of: [(1, [])]) == [])
    }

    // MARK: Helpers

    private struct Row: Equatable {
        var stream: StreamID
        var tokens: [UInt32]
        var logprobs: [Float] = []
        /// How many likely tokens stand beside each; nil without log probabilities.
        var topCount: Int?

        init(_ stream: StreamID, _ tokens: [UInt32]) {
            self.stream = stream
            self.tokens = tokens
        }
    }

    /// The frames, read back with the limits they were made for.
    private func frames(
        of rows: [(StreamID, [UInt32])],
        limits: PeerLimits = PeerLimits()
    ) throws -> [[Row]] {
        var output = FrameOutput(limits: limits)
        var steps = StepFrames()
        for (stream, tokens) in rows {
            try steps.add(tokens.span, to: stream, at: 1, output: &output)
        }
        try steps.flush(at: 1, into: &output)
        var received = WireLimits()
        received.frameBytesMax = limits.frameBytesMax
        received.stepRowsMax = limits.stepRowsMax
        return try read(output.takeBytes() ?? ByteBuffer(), received)
    }

    private func read(_ bytes: ByteBuffer, _ limits: WireLimits) throws -> [[Row]] {
        var decoder = FrameDecoder(receiver: .router, limits: limits)
        var greeting = ByteBuffer()
        Preface.current.write(into: &greeting)
        greeting.writeImmutableBuffer(try .frame(.hello(.worker())))
        decoder.append(greeting)
        _ = try decoder.next()
        decoder.append(bytes)
        let messages = MessageDecoder(limits: limits)
        var frames: [[Row]] = []
        while let frame = try decoder.next() {
            var rows: [Row] = []
            try messages.withStep(frame) { (step) throws(WireError) in
                step.forEachRow { stream, tokens, logprobs in
                    var row = Row(stream, tokens.indices.map { tokens[$0] })
                    if !logprobs.isEmpty {
                        for index in tokens.indices { row.logprobs.append(logprobs[index]) }
                        row.topCount = logprobs.topCount
                    }
                    rows.append(row)
                }
            }
            frames.append(rows)
        }
        return frames
    }
}
