import NIOCore
import OpenAIAPI

/// What the gate does when a client takes too long.
extension RequestGate {
    func setTimer(_ context: ChannelHandlerContext) {
        guard refusal == nil, let deadline = pace?.deadline else { return }
        // A timer that fires too early is set again then, which is less work than each time.
        if let timer, timer.fires <= deadline { return }
        timer?.task.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: deadline) {
            bound.value.0.timeHasCome(bound.value.1)
        }
        timer = (deadline, task)
    }

    private func timeHasCome(_ context: ChannelHandlerContext) {
        timer = nil
        guard refusal == nil else { return }
        switch pace?.action(at: context.eventLoop.now) {
        case .close:
            context.close(promise: nil)
        case .refuse(let lateness):
            refuseMalformed(.requestTimeout(lateness, limits: limits), context)
        case .wait, nil:
            setTimer(context)
        }
    }
}
