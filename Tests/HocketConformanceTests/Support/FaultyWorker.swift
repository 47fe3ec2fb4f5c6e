import HocketTransport
import HocketWire
import NIOCore
import NIOPosix
import Synchronization

/// A worker that counts, keeps to the protocol, and breaks it in at most one way.
struct FaultyWorker: Sendable {
    private static let pause = Duration.milliseconds(5)

    let path: SocketPath
    let fault: Fault?
    let offersLogprobs: Bool
    let group: any EventLoopGroup

    /// Dials again and again until it is dead or its task is cancelled; as a new instance when it
    /// was dismissed, as a supervisor would start it.
    func run() async throws {
        let end = Mutex(FaultyWorkerHandler.End.lost)
        var instance: UInt128 = 1
        while !Task.isCancelled {
            switch end.withLock({ $0 }) {
            case .lost: break
            case .dismissed: instance += 1
            case .dead: return
            }
            end.withLock { $0 = .lost }
            let id = InstanceID(rawValue: instance)
            let dialled = try? await ClientBootstrap(group: group)
                .connect(unixDomainSocketPath: path.string) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = FaultyWorkerHandler(
                            fault,
                            as: id,
                            offersLogprobs: offersLogprobs
                        ) { last in
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
