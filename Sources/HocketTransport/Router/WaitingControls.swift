import HocketWire

/// CREDIT and CANCEL that wait until their worker takes control frames again, the oldest first.
///
/// Bounded by the number of streams: of each stream at most one frame waits. Credit adds up, and
/// CANCEL takes the place of it.
struct WaitingControls {
    /// One that waits.
    enum Frame: Equatable {
        case credit(Int)
        case cancel(Cancel.Reason)
    }

    private var frames: [StreamID: Frame] = [:]
    private var order: [StreamID] = []

    var isEmpty: Bool { order.isEmpty }

    /// Puts a frame last, or joins it with the one of its stream.
    mutating func append(_ frame: Frame, on stream: StreamID) {
        guard let waiting = frames[stream] else {
            frames[stream] = frame
            return order.append(stream)
        }
        switch (waiting, frame) {
        case (.credit(let amount), .credit(let more)): frames[stream] = .credit(amount + more)
        case (.credit, .cancel): frames[stream] = frame
        // After CANCEL nothing else is of use.
        case (.cancel, _): break
        }
    }

    /// Takes the oldest out.
    mutating func popFirst() -> (stream: StreamID, frame: Frame)? {
        guard !order.isEmpty else { return nil }
        let stream = order.removeFirst()
        return frames.removeValue(forKey: stream).map { (stream, $0) }
    }
}
