import HTTPTypes
import HocketEngine
import HocketResponses
import Hummingbird
import NIOCore

/// What a supervisor asks.
///
/// `/healthz` says that the process answers, `/readyz` that a worker is attached and the process is
/// not about to end, so that a request can be served.
struct HealthRoutes {
    let backend: any InferenceBackend
    let running: RunningResponses

    func add(to router: Router<BridgeContext>) {
        router.get("healthz") { _, _ in Self.plain(.ok, "ok\n") }
        router.refuseOthers(than: .get, .head, on: "healthz")
        router.get("readyz") { _, _ in
            if running.isDraining { return Self.plain(.serviceUnavailable, "shutting down\n") }
            return backend.models.isEmpty
                ? Self.plain(.serviceUnavailable, "no worker is attached\n")
                : Self.plain(.ok, "ready\n")
        }
        router.refuseOthers(than: .get, .head, on: "readyz")
    }

    private static func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
