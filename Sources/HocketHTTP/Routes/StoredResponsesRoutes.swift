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
        }
    }

    private func addResponse(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { request, context in
            if request.uri.queryParameters["stream"] == "true" {
                throw APIError.invalidValue("stream", "the response's events were not kept.")
            }
            return Response(json: try await service.storedResponse(Self.id(context)))
        }
        router.delete(path) { _, context in
            Response(json: try await service.deleteStoredResponse(Self.id(context)))
        }
        router.refuseOthers(than: .get, .head, .delete, on: path)
    }

    private func addInputItems(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { request, context in
            let query = request.uri.queryParameters
            let selection = try ItemPage.Selection { query[$0[...]].map(String.init) }
            return Response(json: try await service.inputItems(of: Self.id(context), selection))
        }
        router.refuseOthers(than: .get, .head, on: path)
    }

    /// The id in the path.
    private static func id(_ context: BridgeContext) -> String {
        let id = context.parameters.get("id") ?? ""
        return id.decodedFromPercents ?? id
    }
}
