import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI

/// `POST /v1/responses/input_tokens`: what a request would be to a model, without asking one.
struct InputTokensRoutes {
    let service: ResponseService
    let intake: RequestIntake
    /// What is counted at a time, by the bytes of the requests: no worker has to be waited for, so
    /// that nothing else keeps counting from taking all there is of the processor.
    let counting: ByteBudget

    func add(to router: Router<BridgeContext>) {
        for path in ["v1/responses", "responses", "openresponses/v1/responses"] {
            add(at: RouterPath("\(path)/input_tokens"), to: router)
        }
    }

    private func add(at path: RouterPath, to router: Router<BridgeContext>) {
        router.post(path) { request, context in
            let taken = try await intake.take(request, on: context.channel)
            let share = counting.share()
            defer { withExtendedLifetime((taken, share)) {} }
            guard share.grow(by: taken.body.readableBytes) else {
                throw APIError.tooMuchToCount(bytesMax: counting.max)
            }
            return Response(json: try await service.inputTokens(taken.body))
        }
        router.refuseOthers(than: .post, on: path)
    }
}
