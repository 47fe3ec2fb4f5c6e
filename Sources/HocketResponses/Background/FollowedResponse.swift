import HocketEngine
public import NIOCore
import OpenAIAPI

/// The events of a response that is or was made in the background, from one of them on.
///
/// Those that are in the store come from there, byte for byte as they were, and those to come
/// follow without a seam: whether an event is read from the store or was kept a moment ago, it is
/// asked for by its number.
public struct FollowedResponse: Sendable {
    /// How many bytes are read and sent at a time.
    private static let partBytesMax = 64 * 1024

    let id: String
    let store: any ResponseStore
    /// The log of a response that is not over.
    let log: ResponseLog?
    /// The number of the first event that is told.
    let firstNumber: Int

    /// Sends the events as they come; returns when the last was sent, or when the client is gone.
    ///
    /// - Throws: ``StoreError`` when the next event cannot be read, or when the response is not
    ///   stored any more. The stream has no end then, and must not look as if it had.
    public func stream(to output: NIOLoopBound<any EventOutput>) async throws {
        let wakeups = Signal()
        let client = await output.onLoop { client in
            let follower = Follower(of: client, wakeups)
            client.observe(with: follower)
            return NIOLoopBound(follower, eventLoop: output.eventLoop)
        }
        wakeups.raise()
        do {
            if let log {
                try await log.withFollower(wakeups) { try await stream(to: client, wakeups) }
            } else {
                try await stream(to: client, wakeups)
            }
        } catch {
            await output.onLoop { $0.observe(with: nil) }
            throw error
        }
        await output.onLoop { $0.observe(with: nil) }
    }

    private func stream(to client: NIOLoopBound<Follower>, _ wakeups: Signal) async throws {
        var next = firstNumber
        for await _ in wakeups.raised {
            reading: while await client.onLoop({ $0.isReading }) {
                switch try await find(from: next) {
                case .events(let events):
                    next = events.nextSequenceNumber
                    await client.onLoop { $0.send(events) }
                case .nothingYet, .inStore:
                    await client.onLoop { $0.sendComment() }
                    break reading
                case .complete:
                    return await client.onLoop { $0.sendEnd() }
                }
            }
            if await client.onLoop({ $0.hasLeft }) { return }
        }
    }

    /// - Throws: ``StoreError`` when the store fails, or the response is not in it any more.
    private func find(from number: Int) async throws -> ResponseLog.Finding {
        let finding = log?.find(from: number, bytesMax: Self.partBytesMax) ?? .inStore
        guard case .inStore = finding else { return finding }
        let events = try await store.events(of: id, from: number, bytesMax: Self.partBytesMax)
        return events.isEmpty ? .complete : .events(events)
    }
}

/// A client that reads a log, on its event loop.
private final class Follower: EventOutputObserver {
    private let client: any EventOutput
    private let wakeups: Signal
    private(set) var hasLeft = false
    private var hasSent = false

    init(of client: any EventOutput, _ wakeups: Signal) {
        self.client = client
        self.wakeups = wakeups
    }

    var isReading: Bool { !hasLeft && client.isWritable }

    func send(_ events: EventRun) {
        send { $0.writeBytes(events.bytes) }
    }

    func sendEnd() {
        send { $0.writeStreamEnd() }
    }

    /// Begins a stream that has nothing to tell yet: it is kept alive from its first byte on.
    func sendComment() {
        guard !hasSent else { return }
        hasSent = true
        client.sendComment()
    }

    private func send(_ write: (inout ByteBuffer) -> Void) {
        var buffer = ByteBuffer()
        client.prepare(&buffer)
        write(&buffer)
        client.send(&buffer)
        hasSent = true
    }

    func clientBecameWritable() { wakeups.raise() }

    func clientLeft() {
        hasLeft = true
        wakeups.raise()
    }
}
