public import HocketWire
public import Logging
public import NIOCore
import NIOPosix

public import struct Harmony.JSONObject

/// A worker's connection to the router, usable from any thread.
public struct RouterConnection: Sendable {
    let channel: any Channel
    let handler: NIOLoopBound<RouterChannelHandler>

    /// Dials a router and registers.
    ///
    /// - Parameters:
    ///   - path: the router's socket.
    ///   - hello: what the worker says of itself.
    ///   - details: what it adds when it is asked to describe itself.
    ///   - limits: what it takes from the router.
    ///   - admissionTimeout: how long the router may take to let the worker in.
    ///   - consumer: takes the router's submissions.
    ///   - clock: reads this machine's clocks.
    ///   - group: the event loop of the connection is one of these.
    ///   - logger: for what the router says.
    /// - Throws: ``TransportError`` with code `refused` when the router will not have this worker,
    ///   with `connectionClosed` or `timedOut` when it may later; whatever the system says when
    ///   nobody listens.
    public static func dial(
        _ path: SocketPath,
        as hello: Hello,
        details: JSONObject = [:],
        limits: WireLimits,
        admissionTimeout: TimeAmount = .seconds(5),
        consumer: any SubmissionConsumer,
        clock: @escaping @Sendable () -> PeerClock,
        on group: any EventLoopGroup,
        logger: Logger
    ) async throws -> RouterConnection {
        let admission = group.any().makePromise(of: Void.self)
        let connection: RouterConnection
        do {
            connection = try await ClientBootstrap(group: group).connect(
                unixDomainSocketPath: path.string
            ) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = RouterChannelHandler(
                        hello: hello,
                        details: details,
                        limits: limits,
                        consumer: consumer,
                        clock: clock,
                        admission: admission,
                        admissionTimeout: admissionTimeout,
                        eventLoop: channel.eventLoop,
                        logger: logger
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return RouterConnection(
                        channel: channel,
                        handler: NIOLoopBound(handler, eventLoop: channel.eventLoop)
                    )
                }
            }
        } catch {
            admission.fail(error)
            throw error
        }
        try await withTaskCancellationHandler {
            try await admission.futureResult.get()
        } onCancel: {
            connection.close()
        }
        return connection
    }

    /// Sends what a step of the engine gave, within each stream's credit.
    ///
    /// - Returns: when the connection has it, so that an engine cannot run ahead of its socket.
    public func send(_ step: StepOutput) async {
        await onLoop { $0.stepped(step) }
    }

    /// Tells the router that the engine has taken prompts, which have cost it memory until now.
    public func taken(_ streams: [StreamID]) {
        guard !streams.isEmpty else { return }
        channel.eventLoop.execute { handler.value.taken(streams) }
    }

    /// Tells the router that the engine refuses a prompt.
    public func refuse(_ stream: StreamID, with status: Status) async {
        await onLoop { $0.refused(stream, status) }
    }

    /// Lets the streams end, begins none, and closes the connection after the last.
    ///
    /// - Parameter grace: how long the streams have until they are given up, as retryable; nil for
    ///   as long as they take.
    public func drain(within grace: TimeAmount? = nil) {
        channel.eventLoop.execute { handler.value.drain(within: grace) }
    }

    /// Tells the router why the worker cannot go on, and closes the connection.
    public func leave(with status: Status) async {
        await onLoop { $0.leave(with: status) }
    }

    /// Closes the connection at once.
    public func close() {
        channel.close(promise: nil)
    }

    /// Waits until the connection has ended.
    public func waitUntilClosed() async -> ConnectionEnd {
        // A channel's close future does not fail.
        try? await channel.closeFuture.get()
        return await onLoop { $0.connectionEnd }
    }

    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (RouterChannelHandler) -> Result
    ) async -> Result {
        await withCheckedContinuation { continuation in
            channel.eventLoop.execute { continuation.resume(returning: body(handler.value)) }
        }
    }
}
