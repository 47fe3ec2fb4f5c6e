import Harmony
import HocketEngine
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
            var interrupted = InterruptedResponse(object: response.state.object)
            var number = 0
            while number < nextNumber {
                let events = try await self.events(
                    of: response.id,
                    from: number,
                    bytesMax: Self.partBytesMax
                )
                guard !events.isEmpty else { break }
                for number in events.firstSequenceNumber..<events.nextSequenceNumber {
                    interrupted.read(events[number])
                }
                number = events.nextSequenceNumber
            }
            let events = interrupted.end(continuingAt: nextNumber)
            let state = ResponseState(
                status: ResponseStatus.failed.rawValue,
                isFinished: true,
                updatedAt: seconds,
                object: Array(interrupted.object.compact.utf8)
            )
            return (state, nextNumber == 0 ? .empty : events)
        }
    }
}
