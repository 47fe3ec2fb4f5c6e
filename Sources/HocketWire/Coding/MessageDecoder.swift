/// Turns frames into messages.
///
/// One for each connection: it owns the memory that they unpack into.
///
/// It is not thread-safe, and not reentrant: nothing may be decoded with it from within the
/// closure given to `withStep`.
public final class MessageDecoder {
    /// What this side accepts.
    public var limits: WireLimits

    let arena: MessageArena
    var isLent = false

    /// A decoder with memory of its own, of at most `limits.arenaBytesMax`.
    public init(limits: WireLimits = WireLimits()) {
        self.limits = limits
        self.arena = MessageArena(capacityBytes: limits.arenaBytesMax)
    }

    /// The message of a frame of any type but STEP.
    ///
    /// - Throws: `messageMalformed`, `messageInvalid` or `arenaExhausted`; `frameTooLarge` for a
    ///   prompt that is too long; `frameUnexpected` for a STEP.
    public func decode(_ frame: Frame) throws(WireError) -> WireMessage {
        precondition(!isLent, "decode is called from within withStep")
        arena.reset()
        switch frame.header.type {
        case .hello: return unsafe .hello(try read(frame))
        case .helloAck: return unsafe .helloAck(try read(frame))
        case .submit: return .submit(try readSubmit(frame))
        case .accept: return unsafe .accept(try read(frame))
        case .step: throw WireError(.frameUnexpected, "STEP is not read as a message")
        case .finish: return unsafe .finish(try read(frame))
        case .cancel: return unsafe .cancel(try read(frame))
        case .credit: return unsafe .credit(try read(frame))
        case .ping: return unsafe .ping(try read(frame))
        case .pong: return unsafe .pong(try read(frame))
        case .goAway: return unsafe .goAway(try read(frame))
        case .status: return unsafe .status(try read(frame))
        case .event: return unsafe .event(try read(frame))
        case .query: return unsafe .query(try read(frame))
        case .reply: return unsafe .reply(try read(frame))
        case .streamError: return unsafe .streamError(try read(frame))
        case .connectionError: return unsafe .connectionError(try read(frame))
        }
    }

    private func read<Message: RecordConvertible>(_ frame: Frame) throws(WireError) -> Message {
        let record = unsafe try arena.unpack(frame, as: Message.Record.self)
        try arena.requireWholeStrings(frame)
        return unsafe try Message(record.pointee)
    }

    private func readSubmit(_ frame: Frame) throws(WireError) -> Submit {
        let bytes = frame.header.tailBytes
        let idBytes = MemoryLayout<UInt32>.size
        guard bytes.isMultiple(of: idBytes) else {
            throw WireError(.messageInvalid, "a prompt of \(bytes) bytes is not whole ids")
        }
        guard bytes / idBytes <= limits.promptTokensMax else {
            throw WireError(
                .frameTooLarge,
                "the prompt is too long (max: \(limits.promptTokensMax), "
                    + "actual: \(bytes / idBytes) tokens)"
            )
        }
        var submit: Submit = unsafe try read(frame)
        submit.prompt = Self.prompt(of: frame)
        return submit
    }

    private static func prompt(of frame: Frame) -> [UInt32] {
        let count = frame.header.tailBytes / MemoryLayout<UInt32>.size
        return unsafe frame.withUnsafeBody { _, tail in
            unsafe [UInt32](unsafeUninitializedCapacity: count) { ids, initialized in
                unsafe UnsafeMutableRawBufferPointer(ids).copyMemory(from: tail)
                initialized = count
            }
        }
    }
}
