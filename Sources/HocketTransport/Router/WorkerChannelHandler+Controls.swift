import HocketEngine
import HocketWire
import NIOCore

/// CREDIT and CANCEL, no faster than the worker said it takes control frames. Call these on the
/// connection's event loop.
extension WorkerChannelHandler {
    /// Sends CREDIT or CANCEL with the next frames, or lets it wait.
    func sendControl(_ frame: WaitingControls.Frame, on id: StreamID) {
        if waitingControls.isEmpty, controlPace.take() { return sendNow(frame, on: id) }
        if case .cancel = frame { machine.cancelDelayed(on: id) }
        waitingControls.append(frame, on: id)
    }

    /// Sends what waits, as far as the worker takes it now.
    func sendWaitingControls(_ now: NIODeadline) {
        controlPace.timePassed(now: now)
        while !waitingControls.isEmpty, controlPace.take() {
            guard let (id, frame) = waitingControls.popFirst() else { return }
            sendNow(frame, on: id)
        }
    }

    /// What concerns a stream that is over is not sent.
    private func sendNow(_ frame: WaitingControls.Frame, on id: StreamID) {
        switch frame {
        case .credit(let amount):
            guard machine.tokensConsumed(amount, on: id) else { return }
            send(.credit(Credit(amount)), on: id)
        case .cancel(let reason):
            guard machine.workerReadyForCancel(on: id, now: eventLoop.now) else { return }
            send(.cancel(Cancel(reason)), on: id)
        }
    }
}
