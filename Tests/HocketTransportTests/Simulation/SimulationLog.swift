import HocketEngine
import HocketTesting
import NIOCore
import Synchronization

/// What happened in a simulation, and what should not have.
final class SimulationLog: TrafficTap {
    private struct State {
        var entries: [(time: NIODeadline, what: Entry)] = []
        var violations: [String] = []
        var counts: [String: Int] = [:]
    }

    private enum Entry {
        case note(String)
        case frame(TrafficDirection, worker: String, ByteBuffer)
    }

    /// So many violations tell enough.
    private static let violationsMax = 20

    private let host: VirtualHost
    private let start: NIODeadline
    private let state = Mutex(State())

    init(of host: VirtualHost) {
        self.host = host
        start = host.now
    }

    /// Something happened.
    func note(_ line: String) {
        let now = host.now
        state.withLock { $0.entries.append((now, .note(line))) }
    }

    /// Something is not as it must be.
    func violation(_ line: String) {
        let isNew = state.withLock { state in
            guard !state.violations.contains(line), state.violations.count < Self.violationsMax
            else { return false }
            state.violations.append(line)
            return true
        }
        if isNew { note("VIOLATION: \(line)") }
    }

    /// Notes a violation unless something is so.
    func require(_ isSo: Bool, _ line: @autoclosure () -> String) {
        if !isSo { violation(line()) }
    }

    func count(_ what: String, _ amount: Int = 1) {
        state.withLock { $0.counts[what, default: 0] += amount }
    }

    var violations: [String] { state.withLock { $0.violations } }

    var counts: [String: Int] { state.withLock { $0.counts } }

    /// What happened, line by line, with seconds since the beginning.
    var transcript: [String] {
        state.withLock { $0.entries }.map { time, entry in
            let micros = (time - start).nanoseconds / 1_000
            let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
            let line =
                switch entry {
                case .note(let line): line
                case .frame(let direction, let worker, let bytes):
                    "\(direction.arrow(worker)) \(FrameLine(bytes, direction))"
                }
            return "\(micros / 1_000_000).\(fraction)  \(line)"
        }
    }

    // MARK: The router's tap

    var isActive: Bool { true }

    func frameCrossed(_ direction: TrafficDirection, worker: String, bytes: ByteBuffer) {
        let now = host.now
        state.withLock { state in
            state.entries.append((now, .frame(direction, worker: worker, bytes)))
            state.counts["frames", default: 0] += 1
            if FrameLine.isConnectionError(bytes) { state.counts["given up", default: 0] += 1 }
        }
    }
}

extension TrafficDirection {
    fileprivate func arrow(_ worker: String) -> String {
        let worker = worker.isEmpty ? "?" : worker
        return self == .toWorker ? "router -> \(worker)" : "\(worker) -> router"
    }
}
