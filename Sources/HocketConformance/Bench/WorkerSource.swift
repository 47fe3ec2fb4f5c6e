import HocketTransport
import NIOCore
import NIOPosix

/// Where the connections of a worker come from.
protocol WorkerSource: Sendable {
    /// Whether it is the worker that dials.
    var isDialled: Bool { get }

    /// The next connection; nil when none could be had until the deadline.
    func next(until deadline: NIODeadline) async throws -> PulledChannel?
}

/// A worker that dials in, as workers do.
struct DiallingWorker: WorkerSource {
    let arrivals: TimedInbox<PulledChannel>
    var isDialled: Bool { true }

    func next(until deadline: NIODeadline) async throws -> PulledChannel? {
        while let arrival = try await arrivals.next(until: deadline) {
            // The worker may have given up on one that nobody answered.
            if arrival.channel.isActive { return arrival }
        }
        return nil
    }
}

/// A worker that listens, and is dialled.
struct ListeningWorker: WorkerSource {
    private static let retryInterval = Duration.milliseconds(100)

    let path: SocketPath
    let group: any EventLoopGroup
    let clock: any Clock<Duration>
    var isDialled: Bool { false }

    func next(until deadline: NIODeadline) async throws -> PulledChannel? {
        while NIODeadline.now() < deadline {
            if let channel = try? await dial() { return channel }
            try await clock.sleep(for: Self.retryInterval)
        }
        return nil
    }

    private func dial() async throws -> PulledChannel {
        try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: false)
            .connect(unixDomainSocketPath: path.string) { channel in
                channel.eventLoop.makeCompletedFuture { try PulledChannel(channel) }
            }
    }
}
