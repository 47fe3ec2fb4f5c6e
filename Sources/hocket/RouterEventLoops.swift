import NIOCore
import NIOPosix

/// The event loops of a router.
///
/// Inspection has one of its own: summing frames up for those who watch must not cost those who
/// do not.
struct RouterEventLoops {
    /// Clients and workers.
    let traffic: MultiThreadedEventLoopGroup
    /// Those who watch.
    let inspection = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    init(trafficLoops: Int) {
        traffic = MultiThreadedEventLoopGroup(numberOfThreads: trafficLoops)
    }

    /// Ends the threads; everything that runs on them is over by then.
    func shutDown() async throws {
        try await traffic.shutdownGracefully()
        try await inspection.shutdownGracefully()
    }
}
