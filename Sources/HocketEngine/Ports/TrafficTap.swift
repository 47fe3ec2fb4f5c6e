public import NIOCore

/// Sees every frame that crosses the router, as bytes.
///
/// A tap never slows the traffic: it copies what it wants within the call, and drops and counts
/// what it has no room for.
public protocol TrafficTap: Sendable {
    /// Whether anybody is watching; asked before any other work is done for the tap.
    var isActive: Bool { get }

    /// A frame went over a connection.
    ///
    /// - Parameters:
    ///   - direction: which way it went.
    ///   - worker: the name of the worker at the other end; empty until its HELLO.
    ///   - bytes: the frame's readable bytes, header included.
    func frameCrossed(_ direction: TrafficDirection, worker: String, bytes: ByteBuffer)
}

/// Which way a frame went.
public enum TrafficDirection: UInt8, Hashable, Sendable {
    /// From a worker to the router.
    case fromWorker = 0
    /// From the router to a worker.
    case toWorker = 1
}
