/// How a worker's connection ended, as far as that says something of the worker.
public enum WorkerDeparture: Hashable, Sendable {
    /// In good order, with nothing left to do.
    case inOrder
    /// With streams unfinished, or because the worker broke the protocol.
    case faulted
    /// The router waited for it in vain, and gave it up.
    case hung
}
