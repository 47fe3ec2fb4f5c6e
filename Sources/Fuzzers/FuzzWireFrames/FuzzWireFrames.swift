import HocketWire
import NIOCore

/// Checks what is promised for all bytes that a peer may send: decoding does not trap, cuts make no
/// difference, memory stays within the limits, and what is understood can be said again.
///
/// Here's how it works: each input is read as the bytes of a connection from its first byte, and as
/// those that follow a greeting, by a router and by a worker; the files of `Protos/golden/v1` are
/// good first inputs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWireFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: count))
    for receiver in Role.allCases {
        check(input, readBy: receiver)
        check(greeting(of: receiver.peer, before: input), readBy: receiver)
    }
    return 0
}

private func check(_ bytes: ByteBuffer, readBy receiver: Role) {
    let events = read(bytes, by: receiver, cutEvery: bytes.readableBytes)
    precondition(read(bytes, by: receiver, cutEvery: 5) == events, "cuts make a difference")
}

private func read(_ bytes: ByteBuffer, by receiver: Role, cutEvery size: Int) -> [PeerEvent] {
    var reader = PeerReader(receiver)
    var rest = bytes
    while reader.isOpen, rest.readableBytes > 0 {
        if let piece = rest.readSlice(length: min(size, rest.readableBytes)) {
            reader.receive(piece)
        }
    }
    reader.finish()
    return reader.events
}

/// A peer's preface and HELLO, and then the bytes.
private func greeting(of peer: Role, before input: ByteBuffer) -> ByteBuffer {
    var bytes = ByteBuffer()
    Preface.current.write(into: &bytes)
    let hello = Hello(
        role: peer,
        instanceID: InstanceID(rawValue: 1),
        name: "peer",
        build: "fuzz",
        clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2)
    )
    do {
        try MessageEncoder().encode(.hello(hello), into: &bytes)
    } catch {
        preconditionFailure("HELLO was not encoded: \(error)")
    }
    bytes.writeImmutableBuffer(input)
    return bytes
}
