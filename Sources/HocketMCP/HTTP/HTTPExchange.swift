import AsyncHTTPClient
import HocketEngine
import NIOCore
import NIOHTTP1
import Synchronization

/// One request over HTTP, from the head of its answer to the message that answers it.
struct HTTPExchange: Sendable {
    let request: ClientRequest
    let receiver: MessageReceiver
    let transport: HTTPTransport
    /// Settled as soon as the answer is there, though its stream may go on.
    private let answered = OneShot<Void>()

    init(
        request: ClientRequest,
        receiver: @escaping MessageReceiver,
        transport: HTTPTransport
    ) {
        self.request = request
        self.receiver = receiver
        self.transport = transport
    }

    /// More of an error's body is not looked at.
    private static let errorBytesMax = 64 << 10

    /// Sends the request and reads its answer, and then the rest of its stream if that ends
    /// soon: a connection that is read to its end can be used again.
    func run(
        _ message: HTTPClientRequest,
        with client: PinnedClient
    ) async throws -> ClientAnswer {
        let (answered, transport) = (answered, transport)
        return try await withThrowingTaskGroup(of: ClientAnswer?.self) { group in
            group.addTask {
                try await client.execute(message) { response in
                    transport.noteAnswer(response, to: request)
                    return try await answer(response)
                }
            }
            group.addTask {
                try await answered.value()
                try await transport.time.sleep(transport.options.streamEndLimit)
                return nil
            }
            while let result = try await group.next() {
                group.cancelAll()
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Reads the answer to the request.
    private func answer(_ response: HTTPClientResponse) async throws -> ClientAnswer {
        guard response.status.code / 100 == 2 else { return try await refusal(response) }
        guard response.status != .accepted, response.status != .noContent else {
            let message = "the server accepted a request without answering it"
            throw TransportFailure(ToolError(code: .invalidAnswer, message: message), .kept)
        }
        var stream = try AnswerStream(response, limits: transport.options.arrival)
        for resumption in 0... {
            let answer =
                resumption == 0
                ? try await read(response.body, into: &stream)
                : try await resume(&stream)
            if let answer { return answer }
            try await waitToResume(stream, resumption: resumption)
        }
        preconditionFailure("resumptions are counted")
    }

    /// - Throws: ``TransportFailure`` unless a status means success.
    static func check(_ status: HTTPResponseStatus) throws(TransportFailure) {
        guard status.code / 100 != 2 else { return }
        throw TransportFailure(ToolError(status: status), .kept)
    }
}

// MARK: Success

extension HTTPExchange {
    /// Reads a body to its end, or to where nobody waits for it any more.
    ///
    /// - Returns: the answer; nil when the body ended, or broke, before it.
    private func read(
        _ body: HTTPClientResponse.Body,
        into stream: inout AnswerStream
    ) async throws -> ClientAnswer? {
        var answer: ClientAnswer?
        do {
            for try await bytes in body {
                for message in try stream.reader.read(bytes.readableBytesUInt8Span) {
                    answer = try await receive(message) ?? answer
                }
                if answer != nil { answered.settle(.success(())) }
            }
            // A body that is cancelled just ends.
            if answer == nil { try Task.checkCancellation() }
            for message in try stream.reader.finish() {
                answer = try await receive(message) ?? answer
            }
        } catch {
            if let answer { return answer }
            if let error = error as? ToolError { throw TransportFailure(error, .kept) }
            guard stream.canBeResumed, !Task.isCancelled else { throw error }
        }
        return answer
    }

    private func receive(_ message: JSONRPCMessage) async throws -> ClientAnswer? {
        switch receiver(message, request.id) {
        case .answer(_, let answer): return answer
        case .reply(let reply):
            try await transport.send(reply, revision: request.revision ?? .newestWithSessions)
            return nil
        case .progress, .toolsChanged, .ignored: return nil
        }
    }

    private func resume(_ stream: inout AnswerStream) async throws -> ClientAnswer? {
        guard let eventID = stream.lastEventID else { return nil }
        let former = stream
        let outcome = try await transport.resume(after: eventID, revision: request.revision) {
            response -> (ClientAnswer?, AnswerStream) in
            try Self.check(response.status)
            var stream = try AnswerStream(
                response,
                limits: transport.options.arrival,
                continuing: former
            )
            let answer = try await read(response.body, into: &stream)
            return (answer, stream)
        }
        stream = outcome.1
        return outcome.0
    }

    /// A stream ended without the answer: waits as the server wishes, if it can be resumed.
    private func waitToResume(_ stream: AnswerStream, resumption: Int) async throws {
        let hasSessions = request.revision?.hasSessions ?? true
        guard hasSessions, stream.canBeResumed, resumption < transport.options.resumptionsMax
        else {
            let error = ToolError(
                code: .unreachable,
                message: "the server ended its answer before it was complete "
                    + "(resumed \(resumption) times)"
            )
            throw TransportFailure(error, .kept)
        }
        let options = transport.options
        let delay = stream.reader.retryMilliseconds.map { Duration.milliseconds($0) }
        try await transport.time.sleep(
            min(delay ?? options.resumptionDelay, options.resumptionDelayMax)
        )
    }
}

// MARK: Refusal

extension HTTPExchange {
    /// Reads an answer whose status is not success.
    ///
    /// - Returns: the protocol's own error, which some statuses come with.
    private func refusal(_ response: HTTPClientResponse) async throws -> ClientAnswer {
        let hadSession = transport.hasSession && request.revision?.hasSessions == true
        guard response.status != .notFound || !hadSession else {
            // The session is over; the server has not looked at the request (2025-11-25, Session
            // Management).
            throw TransportFailure(ToolError(status: response.status), .notDelivered)
        }
        let error = await protocolError(response)
        let mayExplain: Set<HTTPResponseStatus> = [.badRequest, .notFound, .methodNotAllowed]
        if let error, mayExplain.contains(response.status) { return .error(error) }
        throw TransportFailure(
            ToolError(status: response.status, cause: error?.message),
            // A session that the server does not understand any more is not worth keeping.
            response.status == .badRequest && hadSession ? .lost : .kept
        )
    }

    private func protocolError(_ response: HTTPClientResponse) async -> JSONRPCError? {
        guard let body = try? await response.body.collect(upTo: Self.errorBytesMax) else {
            return nil
        }
        let messages = try? JSONRPCMessage.messages(in: Array(body.readableBytesView))
        guard case .error(_, let error)? = messages?.first else { return nil }
        // The request is settled as if the error had come in an answer.
        _ = receiver(.error(id: request.id, error), request.id)
        return error
    }
}

extension ToolError {
    /// An HTTP status that means no success.
    init(status: HTTPResponseStatus, cause: String? = nil) {
        let hint = (300..<400).contains(status.code) ? "; redirects are not followed" : ""
        self.init(
            code: .httpStatus,
            number: Int(status.code),
            message: "the server answered with HTTP status \(status.code)\(hint)",
            cause: cause
        )
    }
}
