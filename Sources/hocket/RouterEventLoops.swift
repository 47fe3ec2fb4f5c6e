import NIOPosix

/// The event loops of a router.
///
/// They end with the process: the last connections of an HTTP server outlive its run by a moment,
/// and a loop that is shut down under them only gives them errors.
///
/// Inspection has one of its own: summing frames up for those who watch must not cost those who
/// do not.
struct RouterEventLoops {
    /// How many threads serve clients and workers unless told otherwise.
    static let standardThreads = 1

    /// Clients and workers.
    let traffic: MultiThreadedEventLoopGroup
    /// Those who watch.
    let inspection = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    init(threads: Int) {
        traffic = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    }
}
