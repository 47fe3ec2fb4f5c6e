import HocketEngine
import NIOCore

/// A place in a ``ScriptedBackend``, admitted when the backend's gate is open.
final class ScriptedAdmission: Admission {
    private enum Place {
        case waiting, admitted, released
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

    func wait(until moment: NIODeadline?) async throws(EngineError) -> Bool {
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
        guard !Task.isCancelled, place.value != .released else { throw .cancelledByCaller }
        return place.value == .admitted
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
