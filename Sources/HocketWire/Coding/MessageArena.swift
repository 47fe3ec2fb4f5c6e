import CHocketWire

/// The memory that messages are unpacked into and packed from: bounded, and reused for each.
///
/// Between two resets it hands out one block piece by piece; a reset takes them all back at once.
/// So nothing that came out of it may be kept, and everything here copies what it keeps.
@safe
final class MessageArena {
    /// What stays resident after a reset.
    static let retainedBytesMax = 256 * 1024

    private let arena: UnsafeMutablePointer<hocket_arena>

    /// Reserves address space; memory follows as it is used.
    ///
    /// If the system refuses, the arena is an empty one, which is exhausted at once.
    init(capacityBytes: Int) {
        unsafe arena = .allocate(capacity: 1)
        _ = unsafe hocket_arena_init(arena, capacityBytes)
    }

    deinit {
        unsafe hocket_arena_destroy(arena)
        unsafe arena.deallocate()
    }

    /// The most that was in use at one time.
    var highWaterBytes: Int { unsafe arena.pointee.used_max }

    /// Takes back everything that was handed out.
    func reset() {
        unsafe hocket_arena_reset(arena, Self.retainedBytesMax)
    }

    /// Unpacks the message of a frame; what is returned lives until the next reset.
    func unpack<Record>(
        _ frame: Frame,
        as record: Record.Type
    ) throws(WireError) -> UnsafePointer<Record> {
        let header = frame.header
        let message = unsafe frame.withUnsafeBody { message, _ in
            unsafe protobuf_c_message_unpack(
                hocket_frame_descriptor(header.type.rawValue),
                &arena.pointee.allocator,
                message.count,
                message.baseAddress
            )
        }
        guard let message = unsafe message else { throw unpackingError(header) }
        return unsafe UnsafeRawPointer(message).assumingMemoryBound(to: Record.self)
    }

    /// Refuses a message whose strings protobuf-c would cut.
    ///
    /// - Throws: `messageInvalid` when one of them has a NUL in it.
    func requireWholeStrings(_ frame: Frame) throws(WireError) {
        let type = frame.header.type
        let hasNUL = unsafe frame.withUnsafeBody { message, _ in
            unsafe hocket_strings_have_nul(
                hocket_frame_descriptor(type.rawValue),
                message.baseAddress,
                message.count
            )
        }
        if hasNUL { throw WireError(.messageInvalid, "a string of \(type) has a NUL in it") }
    }

    private func unpackingError(_ header: FrameHeader) -> WireError {
        guard unsafe arena.pointee.exhausted else {
            return WireError(
                .messageMalformed,
                "the message of \(header.type) does not parse (\(header.messageBytes) bytes)"
            )
        }
        return WireError(
            .arenaExhausted,
            "the message of \(header.type) (\(header.messageBytes) bytes) unpacks to more than "
                + "\(unsafe arena.pointee.capacity) bytes"
        )
    }
}

extension MessageArena {
    /// A copy of a value, for a message that points to it.
    func store<Value>(_ value: Value) throws(WireError) -> UnsafeMutablePointer<Value> {
        let memory = unsafe try allocate(1, of: Value.self)
        unsafe memory.initialize(to: value)
        return unsafe memory
    }

    /// A copy of the elements; nil when there are none.
    func copy<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) throws(WireError) -> UnsafeMutablePointer<Element>? {
        guard !elements.isEmpty else { return nil }
        let memory = unsafe try allocate(elements.count, of: Element.self)
        for index in elements.indices { unsafe memory[index] = elements[index] }
        return unsafe memory
    }

    /// A copy of the bytes.
    func copy(_ bytes: [UInt8]) throws(WireError) -> ProtobufCBinaryData {
        unsafe ProtobufCBinaryData(len: bytes.count, data: try copy(bytes))
    }

    /// A copy of the text, up to its first NUL.
    func copy(_ text: String) throws(WireError) -> UnsafeMutablePointer<CChar> {
        let utf8 = text.utf8
        let memory = unsafe try allocate(utf8.count + 1, of: CChar.self)
        var end = unsafe memory
        for byte in utf8 {
            unsafe end.initialize(to: CChar(bitPattern: byte))
            unsafe end += 1
        }
        unsafe end.initialize(to: 0)
        return unsafe memory
    }

    private func allocate<Value>(
        _ count: Int,
        of type: Value.Type
    ) throws(WireError) -> UnsafeMutablePointer<Value> {
        let bytes = count * MemoryLayout<Value>.stride
        guard let memory = unsafe hocket_arena_allocate(arena, bytes) else {
            throw WireError(
                .arenaExhausted,
                "the message takes more than \(unsafe arena.pointee.capacity) bytes to build"
            )
        }
        return unsafe memory.bindMemory(to: type, capacity: count)
    }
}
