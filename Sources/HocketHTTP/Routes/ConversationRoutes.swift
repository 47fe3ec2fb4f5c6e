import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI

/// `/v1/conversations` and what is below it.
struct ConversationRoutes {
    let service: ResponseService
    let intake: RequestIntake

    func add(to router: Router<BridgeContext>) {
        for path in ["v1/conversations", "conversations", "openresponses/v1/conversations"] {
            addConversations(at: RouterPath(path), to: router)
            addConversation(at: RouterPath("\(path)/:id"), to: router)
            addItems(at: RouterPath("\(path)/:id/items"), to: router)
            addItem(at: RouterPath("\(path)/:id/items/:item"), to: router)
        }
    }

    private func addConversations(at path: RouterPath, to router: Router<BridgeContext>) {
        router.post(path) { request, context in
            let taken = try await intake.take(request, on: context.channel)
            defer { withExtendedLifetime(taken) {} }
            return Response(json: try await service.createConversation(taken.body))
        }
        router.refuseOthers(than: .post, on: path)
    }

    private func addConversation(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { _, context in
            Response(json: try await service.conversation(context.segment("id")))
        }
        router.post(path) { request, context in
            let taken = try await intake.take(request, on: context.channel)
            defer { withExtendedLifetime(taken) {} }
            let id = context.segment("id")
            return Response(json: try await service.updateConversation(id, taken.body))
        }
        router.delete(path) { _, context in
            Response(json: try await service.deleteConversation(context.segment("id")))
        }
        router.refuseOthers(than: .get, .head, .post, .delete, on: path)
    }

    private func addItems(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { request, context in
            let selection = try ItemPage.Selection(request)
            let id = context.segment("id")
            return Response(json: try await service.conversationItems(id, selection))
        }
        router.post(path) { request, context in
            let taken = try await intake.take(request, on: context.channel)
            defer { withExtendedLifetime(taken) {} }
            let id = context.segment("id")
            return Response(json: try await service.addConversationItems(id, taken.body))
        }
        router.refuseOthers(than: .get, .head, .post, on: path)
    }

    private func addItem(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { _, context in
            let (id, item) = (context.segment("id"), context.segment("item"))
            return Response(json: try await service.conversationItem(item, of: id))
        }
        router.delete(path) { _, context in
            let (id, item) = (context.segment("id"), context.segment("item"))
            return Response(json: try await service.deleteConversationItem(item, of: id))
        }
        router.refuseOthers(than: .get, .head, .delete, on: path)
    }
}

extension BridgeContext {
    /// A segment of the path that is a parameter of its route, decoded.
    func segment(_ name: String) -> String {
        let text = parameters.get(name) ?? ""
        return text.decodedFromPercents ?? text
    }
}

extension ItemPage.Selection {
    /// Reads a request's query.
    init(_ request: Request) throws(APIError) {
        let query = request.uri.queryParameters
        try self.init { query[$0[...]].map(String.init) }
    }
}
