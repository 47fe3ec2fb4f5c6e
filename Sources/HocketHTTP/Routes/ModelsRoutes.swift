import HTTPTypes
import HocketEngine
import Hummingbird
import NIOCore
import OpenAIAPI

/// `GET /v1/models`, and the same without `/v1` and below `/openresponses`: what the attached
/// workers serve.
struct ModelsRoutes {
    let backend: any InferenceBackend
    /// When this router started, in seconds since 1970: the models' time of creation.
    let startedAt: Int

    func add(to router: Router<BridgeContext>) {
        for path in ["v1/models", "models", "openresponses/v1/models"] {
            addList(at: RouterPath(path), to: router)
            addModel(at: RouterPath("\(path)/**"), to: router)
        }
    }

    private func addList(at path: RouterPath, to router: Router<BridgeContext>) {
        router.get(path) { _, _ in
            Response(json: ModelObject.list(backend.models.map(object)))
        }
        router.refuseOthers(than: .get, .head, on: path)
    }

    private func addModel(at path: RouterPath, to router: Router<BridgeContext>) {
        // A model's name may hold slashes, so that it takes the rest of the path.
        router.get(path) { _, context in
            let name = context.parameters.getCatchAll().joined(separator: "/")
            return Response(json: try model(named: name.decodedFromPercents ?? name).json)
        }
        router.refuseOthers(than: .get, .head, on: path)
    }

    private func model(named name: String) throws(APIError) -> ModelObject {
        guard let model = backend.models.first(where: { $0.name == name }) else {
            throw .modelNotFound(name)
        }
        return object(model)
    }

    private func object(_ model: ModelDescription) -> ModelObject {
        ModelObject(id: model.name, createdAt: startedAt, ownedBy: "hocket")
    }
}
