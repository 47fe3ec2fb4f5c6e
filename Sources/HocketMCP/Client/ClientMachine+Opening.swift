import Harmony
import HocketEngine

extension ClientMachine {
    /// What to do next to open the connection.
    enum OnOpening: Equatable {
        /// Send this and tell the machine how it was answered.
        case send(ClientRequest)
        /// Requests may be sent, after the announcement if there is one.
        case ready(announcing: JSONRPCMessage?)
        /// The connection is closed.
        case failed(ToolError)
    }

    /// Error codes that only servers of the newest revision send (2026-07-28, Error Codes).
    enum ModernErrorCode {
        static let headerMismatch = -32020
        static let unsupportedVersion = -32022
        /// All that the specification has reserved for itself.
        static let reserved = -32099 ... -32020
    }

    /// Somebody wants to use the connection.
    mutating func opened() -> OnOpening {
        precondition(state == .closed, "a connection is opened once")
        return .send(firstRequest())
    }

    /// The request that opens the connection was answered.
    mutating func openingAnswered(_ answer: ClientAnswer) -> OnOpening {
        switch (state, answer) {
        case (.probing(let isLast), .result(let result)): discovered(result, isLast: isLast)
        case (.probing(let isLast), .error(let error)): notDiscovered(error, isLast: isLast)
        case (.initializing, .result(let result)): initialized(result)
        case (.initializing(let mayProbe), .error(let error)):
            notInitialized(error, mayProbe: mayProbe)
        // The conversation was ended while the server thought about it.
        case (.closed, _): .failed(Self.givenUp)
        case (.ready, _): preconditionFailure("nothing is being opened")
        }
    }

    /// The request that opens the connection was not answered.
    mutating func openingFailed(_ error: ToolError) -> OnOpening {
        guard case .probing(isLast: false) = state, Self.mayMeanOlderServer(error) else {
            return fail(error)
        }
        return .send(initialize(mayProbe: error.code == .timedOut))
    }
}

extension ClientMachine {
    private mutating func discovered(_ result: JSONValue, isLast: Bool) -> OnOpening {
        guard let offered = result["supportedVersions"]?.array else {
            // Some servers answer whatever they are asked.
            return isLast ? fail(Self.noCommonRevision([])) : .send(initialize(mayProbe: false))
        }
        return agree(among: offered)
    }

    private mutating func agree(among offered: [JSONValue]) -> OnOpening {
        let names = offered.compactMap(\.string)
        let known = names.compactMap(ProtocolRevision.init)
        guard let best = known.max() else { return fail(Self.noCommonRevision(names)) }
        guard best.hasSessions else {
            enter(.ready(best))
            return .ready(announcing: nil)
        }
        return .send(initialize(offering: best, mayProbe: false))
    }

    private mutating func notDiscovered(_ error: JSONRPCError, isLast: Bool) -> OnOpening {
        if error.code == ModernErrorCode.unsupportedVersion {
            let offered = error.data?["supported"]?.array ?? []
            // What we asked for cannot be among them: asking again would not end.
            return agree(among: offered.filter { $0.string != ProtocolRevision.newest.rawValue })
        }
        if isLast || ModernErrorCode.reserved.contains(error.code) {
            return fail(ToolError(refusal: error, of: "server/discover"))
        }
        return .send(initialize(mayProbe: false))
    }

    private mutating func initialized(_ result: JSONValue) -> OnOpening {
        let name = result["protocolVersion"]?.string ?? ""
        guard let revision = ProtocolRevision(rawValue: name), revision.hasSessions else {
            return fail(Self.noCommonRevision([name]))
        }
        enter(.ready(revision))
        return .ready(
            announcing: .notification(method: "notifications/initialized", params: nil)
        )
    }

    /// A server of the newest revision refuses `initialize` like any unknown method; one that
    /// was merely slow to answer the probe is asked again.
    private mutating func notInitialized(_ error: JSONRPCError, mayProbe: Bool) -> OnOpening {
        guard mayProbe else { return fail(ToolError(refusal: error, of: "initialize")) }
        return .send(discover(isLast: true))
    }

    private mutating func fail(_ error: ToolError) -> OnOpening {
        closed()
        return .failed(error)
    }

    /// Whether an older server may have met the probe like this.
    ///
    /// The rule is that of 2026-07-28, Streamable HTTP and stdio: Backward Compatibility. Missing
    /// rights and too many requests mean the same to servers of all revisions.
    private static func mayMeanOlderServer(_ error: ToolError) -> Bool {
        switch error.code {
        case .timedOut, .invalidAnswer: true
        case .httpStatus:
            error.number.map { (400..<500).contains($0) && ![401, 403, 429].contains($0) } ?? false
        default: false
        }
    }

    private static var givenUp: ToolError {
        ToolError(code: .unreachable, message: "the conversation was ended while it was opened")
    }

    private static func noCommonRevision(_ offered: [String]) -> ToolError {
        let ours = ProtocolRevision.allCases.map(\.rawValue).joined(separator: ", ")
        let theirs = offered.joined(separator: ", ")
        return ToolError(
            code: .invalidAnswer,
            message: "no common protocol revision (ours: \(ours))",
            cause: "it speaks \(theirs.isEmpty ? "none" : theirs)"
        )
    }
}
