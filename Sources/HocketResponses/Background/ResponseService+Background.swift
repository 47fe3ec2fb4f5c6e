import Harmony
import HocketEngine
public import NIOCore
import OpenAIAPI

/// Responses that are made while their callers do something else.
extension ResponseService {
    /// Takes on a response that is made in the background; it is kept, and will be ended in some
    /// way, when this returns.
    ///
    /// - Returns: the response as it stands, which is queued, and its events.
    /// - Throws: ``APIError`` with status 429 when too many wait, 503 while the server starts or
    ///   ends, and 500 when it cannot be kept.
    public func begin(
        _ prepared: PreparedResponse
    ) async throws -> (object: ByteBuffer, events: FollowedResponse) {
        guard let background, let record = prepared.record else {
            throw APIError.invalidValue("background", "background responses are not served.")
        }
        var machine = prepared.machine
        machine.responseQueued()
        var events = EventRun(startingAt: 0)
        events.append(eventsIn: machine.takeEvents())
        let log = ResponseLog(of: machine.id, in: background.store, first: events)
        let response = BackgroundResponse(prepared, queued: machine, record: record, log: log)
        try background.admit(response)
        if let error = await record.keep(machine, at: prepared.createdAt, events: events) {
            background.remove(response)
            throw APIError(error)
        }
        await background.start(response)
        // From now on the background counts it.
        prepared.place.release()
        let followed = FollowedResponse(
            id: machine.id,
            store: background.store,
            log: log,
            firstNumber: 0
        )
        return (machine.responseObject, followed)
    }

    /// Ends a background response that is not over; one that is stays as it is.
    ///
    /// - Returns: the response as it ended, as JSON.
    /// - Throws: ``APIError`` with status 404 when it is not kept, with 400 when its caller waits
    ///   for it.
    public func cancelStoredResponse(_ id: String) async throws -> ByteBuffer {
        if let background, let response = background[id] {
            await background.cancel(response)
            return try await storedResponse(id)
        }
        let stored = try await stored(id)
        guard try stored.isBackground else {
            throw APIError.invalidValue(
                "response_id",
                "only a response that was created with 'background' can be cancelled."
            )
        }
        return stored.state.shownObject
    }

    /// The events of a response that was made in the background, from one of them on.
    ///
    /// - Parameter number: the last event that the client knows; nil if it knows none.
    /// - Throws: ``APIError`` with status 404 when the response is not kept, with 400 when its
    ///   events are not.
    public func follow(
        _ id: String,
        after number: Int? = nil
    ) async throws -> FollowedResponse {
        // A response whose log is not here any more is whole in the store.
        let log = background?[id]?.log
        guard let store, try await hasEvents(id, log) else {
            throw APIError.invalidValue(
                "stream",
                "only a response that was created with 'background' and 'stream' has its events "
                    + "kept."
            )
        }
        // Behind the greatest number there is no other, and no event has it.
        let firstNumber = number.map { $0 == .max ? $0 : $0 + 1 } ?? 0
        return FollowedResponse(id: id, store: store, log: log, firstNumber: firstNumber)
    }

    private func hasEvents(_ id: String, _ log: ResponseLog?) async throws -> Bool {
        if let log { return !log.isEmpty }
        let response = try await stored(id)
        guard let store else { return false }
        do throws(StoreError) {
            return try await !store.events(of: response.id, from: 0, bytesMax: 1).isEmpty
        } catch {
            throw APIError(error)
        }
    }
}

extension StoredResponse {
    /// Whether its caller did not wait for it.
    ///
    /// - Throws: ``APIError`` with status 500 when what is stored is not what was stored.
    fileprivate var isBackground: Bool {
        get throws(APIError) { try parsedObject()["background"]?.bool ?? false }
    }
}
