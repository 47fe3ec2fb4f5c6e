import NIOCore

/// Server-sent events as the messages of a WebSocket.
extension ByteBuffer {
    /// Turns whole events into unmasked text messages, in place: an event is never shorter than its
    /// message, whose head takes less than the lines before the data.
    ///
    /// The data of an event becomes a message; a comment, which only keeps a stream alive, becomes
    /// a ping; the line that ends a stream becomes nothing, since messages go on.
    mutating func frameAsMessages() {
        var start = readerIndex
        var end = readerIndex
        while start < writerIndex {
            let event = event(at: start)
            end += setMessage(event, at: end)
            start = event.end
        }
        moveWriterIndex(to: end)
    }

    /// Where an event ends, and where its data is.
    private struct Event {
        var data: Range<Int>?
        var end: Int
    }

    private func event(at start: Int) -> Event {
        let bytes = readableBytesUInt8Span
        var event = Event(end: writerIndex)
        var line = start - readerIndex
        while let lineEnd = bytes.lineEnd(from: line) {
            if lineEnd == line {
                event.end = readerIndex + lineEnd + 1
                break
            }
            if bytes.isData(at: line) {
                event.data = readerIndex + line + 6..<readerIndex + lineEnd
            }
            line = lineEnd + 1
        }
        return event
    }

    /// - Returns: how many bytes the message takes.
    private mutating func setMessage(_ event: Event, at index: Int) -> Int {
        guard let data = event.data else { return setInteger(0x8900 as UInt16, at: index) }
        // What is no object is `[DONE]`.
        guard getInteger(at: data.lowerBound, as: UInt8.self) == UInt8(ascii: "{") else { return 0 }
        var head = (first: UInt8(0x81), length: UInt8(truncatingIfNeeded: data.count))
        let headBytes: Int
        switch data.count {
        case ...125: headBytes = 2
        case ...Int(UInt16.max): (headBytes, head.length) = (4, 126)
        default: (headBytes, head.length) = (10, 127)
        }
        // The data first, whose bytes the head may cover.
        do {
            try copyBytes(at: data.lowerBound, to: index + headBytes, length: data.count)
        } catch {
            preconditionFailure("the data of an event is not in its buffer: \(error)")
        }
        setInteger(head.first, at: index)
        setInteger(head.length, at: index + 1)
        if headBytes == 4 { setInteger(UInt16(data.count), at: index + 2) }
        if headBytes == 10 { setInteger(UInt64(data.count), at: index + 2) }
        return headBytes + data.count
    }
}

extension Span<UInt8> {
    fileprivate func lineEnd(from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == 0x0A { return index }
            index += 1
        }
        return nil
    }

    /// Whether a line begins with `data: `.
    fileprivate func isData(at line: Int) -> Bool {
        line + 6 <= count && self[line] == UInt8(ascii: "d") && self[line + 1] == UInt8(ascii: "a")
            && self[line + 4] == UInt8(ascii: ":")
    }
}
