import Harmony
import HocketEngine
import NIOCore
import OpenAIAPI

extension ResponseStore {
    /// How many bytes of a log are read at a time.
    private static var partBytesMax: Int { 1 << 20 }

    /// Ends as failed what an earlier process left unfinished: what its log tells is kept, open
    /// items are closed as incomplete, and the log gets its terminal event.
    ///
    /// - Parameter seconds: the time, in seconds since 1970.
    func endUnfinished(at seconds: Int) async throws(StoreError) {
        _ = try await endUnfinished { response, nextNumber async throws(StoreError) in
            var machine = ResponseEventMachine(interrupted: response, hasLog: nextNumber > 0)
            var number = 0
            while number < nextNumber {
                let events = try await self.events(
                    of: response.id,
                    from: number,
                    bytesMax: Self.partBytesMax
                )
                guard !events.isEmpty else { break }
                machine.replayed(events)
                number = events.nextSequenceNumber
            }
            machine.responseInterrupted(.interrupted)
            var events = EventRun(startingAt: nextNumber)
            events.append(eventsIn: machine.takeEvents())
            let state = ResponseState(
                status: machine.status.rawValue,
                isFinished: machine.status.isTerminal,
                updatedAt: seconds,
                object: Array(machine.keptObject.readableBytesView)
            )
            return (state, nextNumber == 0 ? .empty : events)
        }
    }
}

extension ResponseEventMachine {
    /// The machine of a response whose process died.
    fileprivate init(interrupted response: StoredResponse, hasLog: Bool) {
        let object = try? JSONValue(parsing: response.state.object)
        let dialect = response.dialect.flatMap(ResponseDialect.init) ?? .openAI
        self.init(
            interrupted: object?.object ?? [:],
            input: (try? response.input()) ?? [],
            options: Options(isStreaming: hasLog, dialect: dialect)
        )
    }

    /// The next events of its log.
    fileprivate mutating func replayed(_ events: EventRun) {
        for number in events.firstSequenceNumber..<events.nextSequenceNumber {
            let event = events[number]
            let json = event.drop { $0 != UInt8(ascii: "{") }
            let data = try? JSONValue(parsing: Array(json))
            replayed(data?.object ?? [:])
        }
    }
}

extension ResponseError {
    /// Why a response is not complete whose process died.
    fileprivate static let interrupted = ResponseError(
        code: .serverError,
        message: "The server ended before the response was complete."
    )
}
