public import HocketEngine
public import HocketWire
public import NIOCore
import Synchronization

/// Shows the frames that cross a running router, and the messages between it and tool servers, to
/// whoever attaches to its inspection socket.
///
/// While nobody watches, a frame costs one load of a counter. For each that watches, the event
/// loop that handles the frame copies it into a bounded queue, and does no more: reading the
/// frame, summing it up and writing the record happen on the event loop of the subscriber. Where
/// a subscriber is too slow the oldest frames are dropped, and the next record says how many.
///
/// Unless the tap shows content, prompts are not even copied, and what the subscriber gets are
/// counts, sizes, names and codes: no token of text and no free text of any message.
public final class LiveTap: TrafficTap, ToolMessageTap {
    private let configuration: TapConfiguration
    private let subscribers = Mutex<[TapSubscriber]>([])
    private let subscriberCount = Atomic<Int>(0)

    /// Creates a tap that nobody watches yet.
    ///
    /// - Parameters:
    ///   - build: what the router says of its software.
    ///   - showsContent: whether subscribers see prompts, tokens and texts.
    ///   - limits: the memory spent on subscribers.
    ///   - wireLimits: what the router takes from one worker.
    ///   - clock: reads this machine's clocks.
    public init(
        build: String,
        showsContent: Bool = false,
        limits: TapLimits = TapLimits(),
        wireLimits: WireLimits = WireLimits(),
        clock: @escaping @Sendable () -> PeerClock
    ) {
        precondition(
            (FrameHead.byteCount...InspectionFormat.bodyBytesMax).contains(limits.keptBytesMax),
            "keptBytesMax is \(limits.keptBytesMax)"
        )
        configuration = TapConfiguration(
            build: build,
            showsContent: showsContent,
            limits: limits,
            wireLimits: wireLimits,
            clock: clock
        )
    }

    /// Whether anybody is watching.
    public var isActive: Bool { subscriberCount.load(ordering: .relaxed) > 0 }

    /// Takes a copy of the frame for each that is watching.
    public func frameCrossed(_ direction: TrafficDirection, worker: String, bytes: ByteBuffer) {
        guard isActive, let head = FrameHead(at: bytes.readerIndex, of: bytes) else { return }
        let frame = CapturedFrame(
            instant: configuration.clock(),
            direction: direction,
            worker: worker,
            head: head,
            kept: configuration.kept(of: bytes, head)
        )
        offer(.frame(frame))
    }

    /// Takes a copy of the message for each that is watching; its text only to show it.
    public func toolMessageCrossed(_ message: ToolMessage) {
        guard isActive else { return }
        var kept = message
        kept.text = configuration.kept(of: message.text)
        offer(
            .toolMessage(
                CapturedToolMessage(
                    instant: configuration.clock(),
                    message: kept,
                    messageBytes: message.text.count
                )
            )
        )
    }

    private func offer(_ captured: Captured) {
        let subscribers = subscribers.withLock { $0 }
        for subscriber in subscribers { subscriber.offer(captured) }
    }

    /// Shows the traffic on a new connection until that closes.
    ///
    /// Call it on the channel's event loop, before anything was read from the channel. What the
    /// peer sends closes the connection: the socket is there to be read.
    ///
    /// - Throws: ``CaptureError`` with `tooManySubscribers`, or what the pipeline throws.
    public func attach(to channel: any Channel) throws {
        let mailbox = SubscriberMailbox(configuration.limits)
        let handler = TapSubscriberHandler(mailbox, configuration) { [weak self] in
            self?.forget(mailbox)
        }
        try add(
            TapSubscriber(
                mailbox: mailbox,
                eventLoop: channel.eventLoop,
                handler: NIOLoopBound(handler, eventLoop: channel.eventLoop)
            )
        )
        do {
            try channel.pipeline.syncOperations.addHandler(handler)
        } catch {
            forget(mailbox)
            throw error
        }
    }

    private func add(_ subscriber: TapSubscriber) throws(CaptureError) {
        let isAdded = subscribers.withLock { subscribers in
            guard subscribers.count < configuration.limits.subscribersMax else { return false }
            subscribers.append(subscriber)
            subscriberCount.store(subscribers.count, ordering: .relaxed)
            return true
        }
        guard isAdded else {
            throw CaptureError(
                code: .tooManySubscribers,
                message: "the traffic is being watched already "
                    + "(max: \(configuration.limits.subscribersMax) subscribers)"
            )
        }
    }

    private func forget(_ mailbox: SubscriberMailbox) {
        subscribers.withLock { subscribers in
            subscribers.removeAll { $0.mailbox === mailbox }
            subscriberCount.store(subscribers.count, ordering: .relaxed)
        }
    }
}
