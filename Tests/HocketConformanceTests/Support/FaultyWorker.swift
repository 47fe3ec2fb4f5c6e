import HocketTransport
import NIOCore
import NIOPosix
import Synchronization

/// A worker that counts, keeps to the protocol, and breaks it in at most one way.
struct FaultyWorker: Sendable {
    private static let pause = Duration.milliseconds(5)

    let path: SocketPath
    let fault: Fault?
    let group: any EventLoopGroup

    /// Dials again and again, until it is refused or its task is cancelled.
    func run() async throws {
        let end = Mutex(FaultyWorkerHandler.End.lost)
        while !Task.isCancelled, end.withLock({ $0 }) == .lost {
            let dialled = try? await ClientBootstrap(group: group)
                .connect(unixDomainSocketPath: path.string) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = FaultyWorkerHandler(fault) { last in
                            end.withLock { $0 = last }
                        }
                        try channel.pipeline.syncOperations.addHandler(handler)
                        return channel
                    }
                }
            if let dialled {
                try await withTaskCancellationHandler {
                    try await dialled.closeFuture.get()
                } onCancel: {
                    dialled.close(promise: nil)
                }
            }
            try? await Task.sleep(for: Self.pause)
        }
    }
}
