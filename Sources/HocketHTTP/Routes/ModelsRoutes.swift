import HTTPTypes
import HocketEngine
import Hummingbird
import NIOCore
import OpenAIAPI

/// `GET /v1/models`: what the attached workers serve.
struct ModelsRoutes {
    let backend: any InferenceBackend
    /// When this router started, in seconds since 1970: the models' time of creation.
    let startedAt: Int

    func add(to router: Router<BridgeContext>) {
        router.get("v1/models") { _, _ in
            Response(json: ModelObject.list(backend.models.map(object)))
        }
        router.refuseOthers(than: .get, .head, on: "v1/models")
        // A model's name may hold slashes, so that it takes the rest of the path.
        router.get("v1/models/**") { _, context in
            let path = context.parameters.getCatchAll().joined(separator: "/")
            return Response(json: try model(named: path.decodedFromPercents ?? path).json)
        }
        router.refuseOthers(than: .get, .head, on: "v1/models/**")
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
