import HocketTesting
import NIOCore
import Testing

/// The sockets of a virtual host.
@Suite struct VirtualChannelTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func bytesArriveInOrderHoweverTheyAreCut(seed: UInt64) {
        let pair = Pair(seed: seed, capacityBytes: 100)
        let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0) }
        for start in stride(from: 0, to: 2_000, by: 500) {
            pair.write(Array(bytes[start..<start + 500]))
        }
        pair.run()
        #expect(pair.reader.bytes == bytes)
        #expect(pair.reader.reads > 4)
        pair.close()
    }

    @Test func endOfTheWriterIsNoticedAfterItsLastByte() {
        let pair = Pair(seed: 1)
        pair.write([1, 2, 3])
        pair.close()
        #expect(pair.reader.bytes == [1, 2, 3])
        #expect(pair.reader.ends == 1)
        #expect(!pair.receiver.isActive)
    }

    @Test func pipeBreaksAtItsNthByte() {
        let pair = Pair(seed: 1)
        pair.toReceiver.breakAt(4) { [sender = pair.sender] in sender.kill() }
        pair.write([1, 2, 3])
        pair.write([4, 5, 6])
        pair.run()
        #expect(pair.reader.bytes == [1, 2, 3, 4])
        #expect(pair.reader.ends == 1)
        #expect(pair.host.isIdle)
    }

    @Test func writeThatFindsThePeerGoneReadsWhatItLeft() {
        let pair = Pair(seed: 1)
        pair.write([1, 2, 3])
        // Before the receiver has read anything.
        pair.sender.kill()
        pair.host.perform(on: pair.receiver.loop) {
            pair.receiver.writeAndFlush(ByteBuffer(bytes: [9]), promise: nil)
            #expect(pair.reader.bytes == [1, 2, 3])
            #expect(pair.reader.ends == 1)
        }
        pair.run()
    }
}

/// Two ends of a socket, of which one writes.
private struct Pair {
    let host: VirtualHost
    let toReceiver: VirtualPipe
    let sender: VirtualChannel
    let receiver: VirtualChannel
    let reader = ByteLog()

    init(seed: UInt64, capacityBytes: Int = 10_000) {
        host = VirtualHost(seed: seed)
        toReceiver = VirtualPipe(capacityBytes: capacityBytes)
        let back = VirtualPipe(capacityBytes: capacityBytes)
        sender = VirtualChannel(
            on: VirtualProcess(on: host).makeEventLoop(),
            reading: back,
            writing: toReceiver
        )
        receiver = VirtualChannel(
            on: VirtualProcess(on: host).makeEventLoop(),
            reading: toReceiver,
            writing: back
        )
        host.perform(on: sender.loop) { sender.activate() }
        host.perform(on: receiver.loop) {
            try? receiver.pipeline.syncOperations.addHandler(reader)
            receiver.activate()
        }
    }

    func write(_ bytes: [UInt8]) {
        host.perform(on: sender.loop) {
            sender.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        }
    }

    func close() {
        host.perform(on: sender.loop) { sender.close(promise: nil) }
        run()
    }

    func run() {
        while host.step(until: host.now + .seconds(1)) {}
    }
}

private final class ByteLog: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private(set) var bytes: [UInt8] = []
    private(set) var reads = 0
    private(set) var ends = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        reads += 1
    }

    func channelInactive(context: ChannelHandlerContext) { ends += 1 }
}
