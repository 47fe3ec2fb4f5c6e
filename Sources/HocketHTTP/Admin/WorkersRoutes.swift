import HTTPTypes
import Harmony
import HocketEngine
import HocketTransport
import Hummingbird
import Logging
import NIOCore
import OpenAIAPI

/// `/workers`: lists the attached workers, asks one to describe itself, holds new samplings back
/// from those of a name, lets them go there again, and sets their share.
struct WorkersRoutes {
    let pool: WorkerPool
    let intake: RequestIntake

    func add(to router: Router<BridgeContext>) {
        router.get("workers") { _, _ in Self.list(pool.workers) }
        router.refuseOthers(than: .get, .head, on: "workers")
        router.get("workers/:name/describe") { _, context in
            try await describe(Self.name(in: context))
        }
        router.refuseOthers(than: .get, .head, on: "workers/:name/describe")
        add("drain", to: router) { name, _ in pool.drain(name) }
        add("resume", to: router) { name, _ in pool.resume(name) }
        add("weight", to: router) { name, body in
            pool.setWeight(name, try Self.weight(in: body))
        }
    }

    /// Adds what is done to the workers of a name; `change` tells whether there are any.
    private func add(
        _ action: String,
        to router: Router<BridgeContext>,
        _ change: @escaping @Sendable (String, ByteBuffer) throws -> Bool
    ) {
        let path = RouterPath("workers/:name/\(action)")
        router.post(path) { request, context in
            let taken = try await intake.take(request, on: context.channel)
            let name = Self.name(in: context)
            guard try change(name, taken.body) else { throw APIError.workerNotFound(name) }
            context.logger.notice(
                "an operator changed a worker",
                metadata: ["worker": "\(name)", "action": "\(action)"]
            )
            return Self.list(pool.workers.filter { $0.name == name })
        }
        router.refuseOthers(than: .post, on: path)
    }

    private static func name(in context: BridgeContext) -> String {
        let encoded = context.parameters.get("name") ?? ""
        return encoded.decodedFromPercents ?? encoded
    }

    private func describe(_ name: String) async throws -> Response {
        let description: WorkerDescription?
        do {
            description = try await pool.describe(name)
        } catch let error as EngineError {
            throw APIError(ofDescription: error)
        }
        guard let description else { throw APIError.workerNotFound(name) }
        guard let value = try? JSONValue(parsing: description.text), value.object != nil else {
            throw APIError.serverError("The worker's description is no JSON object.")
        }
        let answer: JSONValue = [
            "object": "worker.description",
            "id": .string(description.id.description),
            "name": .string(name),
            "generation": .number(JSONNumber(description.generation)),
            "description": value,
        ]
        return Response(json: ByteBuffer(string: answer.compact))
    }

    private static func list(_ workers: [WorkerSnapshot]) -> Response {
        let list: JSONValue = [
            "object": "list", "data": .array(workers.map(\.json)),
        ]
        return Response(json: ByteBuffer(string: list.compact))
    }

    /// Reads `{"weight": 50}`.
    private static func weight(in body: ByteBuffer) throws -> WorkerWeight {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(body.readableBytesView))
        } catch {
            throw APIError.invalidJSON(error)
        }
        guard let number = value["weight"] else { throw APIError.missingParameter("weight") }
        guard let weight = number.integer.flatMap(WorkerWeight.init(rawValue:)) else {
            let range = WorkerWeight.range
            throw APIError.invalidValue(
                "weight",
                "it is a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return weight
    }
}

extension APIError {
    /// Why a worker does not describe itself.
    fileprivate init(ofDescription error: EngineError) {
        self =
            switch error.code {
            case .invalidArgument:
                APIError(httpStatus: 400, kind: .invalidRequest, message: error.message)
            case .deadlineExceeded: .timedOut(error.message)
            case .unavailable, .workerLost, .resourceExhausted:
                .unavailable(error.message, retryAfterSeconds: 1)
            default: .serverError(error.message)
            }
    }

    /// No worker of the name is attached: 404.
    fileprivate static func workerNotFound(_ name: String) -> APIError {
        APIError(
            httpStatus: 404,
            kind: .invalidRequest,
            message: "No worker named '\(name)' is attached."
        )
    }
}
