import HocketEngine
import NIOCore

/// A place in a ``ScriptedBackend``, admitted when the backend's gate is open.
final class ScriptedAdmission: Admission {
    private enum Place: Equatable {
        case waiting, admitted, released
        case ejected(EngineError)
    }

    private let place: Watched<Place>
    private let backend: ScriptedBackend

    init(in backend: ScriptedBackend, behind gate: Gate?) {
        self.backend = backend
        let place = Watched(Place.waiting)
        self.place = place
        let open: @Sendable () -> Void = { place.change { if $0 == .waiting { $0 = .admitted } } }
        if let gate { gate.pass(open) } else { open() }
    }

    var isWaiting: Bool { place.value == .waiting }

    /// It waited in vain.
    func eject(_ error: EngineError) {
        place.change { if $0 == .waiting { $0 = .ejected(error) } }
    }

    func wait(until moment: NIODeadline?) async throws(EngineError) -> Bool {
        backend.note { $0.waits += 1 }
        await withTaskGroup { group in
            group.addTask { [place] in _ = try? await place.wait { $0 != .waiting } }
            if let moment {
                group.addTask {
                    let time = max((moment - .now()).nanoseconds, 0)
                    try? await Task.sleep(for: .nanoseconds(time))
                }
            }
            await group.next()
            group.cancelAll()
        }
        guard !Task.isCancelled else { throw .cancelledByCaller }
        switch place.value {
        case .released: throw .cancelledByCaller
        case .ejected(let error): throw error
        case .admitted: return true
        case .waiting: return false
        }
    }

    func pause() { backend.note { $0.paused += 1 } }

    func release() {
        var wasHeld = false
        place.change { place in
            wasHeld = place != .released
            place = .released
        }
        if wasHeld { backend.note { $0.released += 1 } }
    }

    deinit { release() }
}
