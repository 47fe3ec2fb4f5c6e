import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI

/// `/v1/responses/{id}` and what is below it: responses that were made before.
struct StoredResponsesRoutes {
    let service: ResponseService

    func add(to router: Router<BridgeContext>) {
        for path in ["v1/responses", "responses", "openresponses/v1/responses"] {
            addResponse(at: RouterPath("\(path)/:id"), to: router)
            addInputItems(at: RouterPath("\(path)/:id/input_items"), to: router)
            addCancel(at: RouterPath("\(path)/:id/cancel"), to: router)
        }
    }

    private func addResponse(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { request, context in
            let query = request.uri.queryParameters
            if query["stream"] == "true" {
                let number = try Self.startingAfter(query["starting_after"])
                let events = try await service.follow(context.segment("id"), after: number)
                return Response(eventsOver: context.channel) { try await events.stream(to: $0) }
            }
            return Response(json: try await service.storedResponse(context.segment("id")))
        }
        router.delete(path) { _, context in
            Response(json: try await service.deleteStoredResponse(context.segment("id")))
        }
        router.refuseOthers(than: .get, .head, .delete, on: path)
    }

    private func addInputItems(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { request, context in
            let selection = try ItemPage.Selection(request)
            let id = context.segment("id")
            return Response(json: try await service.inputItems(of: id, selection))
        }
        router.refuseOthers(than: .get, .head, on: path)
    }

    private func addCancel(at path: RouterPath, to router: Router<BridgeContext>) {
        router.post(path) { _, context in
            Response(json: try await service.cancelStoredResponse(context.segment("id")))
        }
        router.refuseOthers(than: .post, on: path)
    }

    /// The number of the last event that the client knows; nil if it knows none.
    private static func startingAfter(_ text: Substring?) throws(APIError) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw .invalidValue("starting_after", "it must be the number of an event.")
        }
        return number
    }
}
