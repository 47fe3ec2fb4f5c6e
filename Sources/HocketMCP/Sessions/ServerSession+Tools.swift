import Harmony
import HocketEngine
import Logging
import Synchronization

// MARK: Listing

extension ServerSession {
    /// The server's tools, asked for unless the list at hand is fresh.
    ///
    /// - Parameter trace: the span that asks.
    /// - Throws: ``ToolError``, as callers may see it.
    func tools(trace: TraceContext? = nil) async throws(ToolError) -> [ToolDefinition] {
        do throws(ToolError) {
            let listing = try await withDeadline(options.listLimit, options.time) {
                () async throws(ToolError) in
                try await self.freshListing(trace)
            }
            return listing.entries.map(\.definition)
        } catch {
            throw error.shown(hiding: secrets)
        }
    }

    private func freshListing(_ trace: TraceContext?) async throws(ToolError) -> ToolListing {
        try await listing.pass { () async throws(ToolError) in
            if let fresh = freshListingAtHand { return fresh }
            return try await list(trace)
        }
    }

    private var freshListingAtHand: ToolListing? {
        let now = options.time.now()
        return state.withLock { state in
            state.listingIsFreshUntil.map { now < $0 } == true ? state.listing : nil
        }
    }

    /// Asks for all pages.
    private func list(_ trace: TraceContext?) async throws(ToolError) -> ToolListing {
        let changes = state.withLock(\.toolChanges)
        var listing = ToolListing()
        var cursor: String?
        for _ in 0..<ToolListing.pagesMax {
            var params = JSONObject()
            params["cursor"] = cursor.map(JSONValue.string)
            let page = try await result(
                of: Ask(method: "tools/list", params: params, trace: trace)
            )
            cursor = try listing.add(page: page)
            guard cursor != nil else {
                keep(listing, asOf: changes)
                return listing
            }
        }
        throw ToolError(
            code: .tooLarge,
            message: "the server's list of tools does not end (max: \(ToolListing.pagesMax) pages)"
        )
    }

    /// - Parameter changes: how many changes had been announced when the first page was asked for.
    private func keep(_ listing: ToolListing, asOf changes: Int) {
        if !listing.rejected.isEmpty {
            logger.warning("tools left out", metadata: listing.rejectedMetadata)
        }
        let freshness = listing.freshMilliseconds.map { Duration.milliseconds($0) }
        let until = options.time.now() + min(freshness ?? options.listFreshness, .seconds(3600))
        state.withLock { state in
            state.listing = listing
            state.listingIsFreshUntil = state.toolChanges == changes ? until : nil
        }
    }
}

// MARK: Calling

extension ServerSession {
    /// Calls a tool.
    ///
    /// - Throws: ``ToolError``, as callers may see it.
    func call(
        _ call: ToolCall,
        progress: @escaping @Sendable (ToolProgress) -> Void
    ) async throws(ToolError) -> ToolResult {
        do throws(ToolError) {
            return try await result(of: call, progress)
        } catch {
            throw error.shown(hiding: secrets)
        }
    }

    private func result(
        of call: ToolCall,
        _ progress: @escaping @Sendable (ToolProgress) -> Void
    ) async throws(ToolError) -> ToolResult {
        let arguments = try Self.arguments(call)
        let limit = min(call.timeLimit ?? options.callLimit, options.callLimit)
        let result = try await withDeadline(limit, options.time) {
            () async throws(ToolError) in
            try await self.call(call, arguments, progress)
        }
        let content = try ToolContent(result)
        let text = options.cap.capped(content.text)
        metrics.leftOut(bytes: content.text.utf8.count - text.utf8.count)
        return ToolResult(text: text, isError: content.isError)
    }

    private func call(
        _ call: ToolCall,
        _ arguments: JSONObject,
        _ progress: @escaping @Sendable (ToolProgress) -> Void
    ) async throws(ToolError) -> JSONValue {
        var ask = Ask(
            method: "tools/call",
            params: ["name": .string(call.name), "arguments": .object(arguments)],
            mirrored: mirrored(call.name, arguments),
            tool: call.name,
            requestID: call.requestID,
            trace: call.trace,
            progress: progress
        )
        do throws(ToolError) {
            return try await result(of: ask)
        } catch {
            guard error.number == ClientMachine.ModernErrorCode.headerMismatch else { throw error }
        }
        // The tool wants other arguments repeated than we knew (2026-07-28, Streamable HTTP:
        // Client Behavior): the server has not run it, and the list says what it wants now.
        state.withLock { $0.listingIsFreshUntil = nil }
        _ = try await freshListing(call.trace)
        ask.mirrored = mirrored(call.name, arguments)
        return try await result(of: ask)
    }

    private func mirrored(_ name: String, _ arguments: JSONObject) -> [MirroredArguments.Field] {
        let entry = state.withLock { $0.listing?[name] }
        return entry?.mirrored.fields(for: arguments) ?? []
    }

    /// The arguments as an object; a model that has none to give may write nothing.
    private static func arguments(_ call: ToolCall) throws(ToolError) -> JSONObject {
        guard !call.arguments.isEmpty else { return [:] }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: call.arguments)
        } catch {
            throw ToolError(
                code: .invalidArguments,
                message: "the arguments are not valid JSON: \(error)"
            )
        }
        guard let object = value.object else {
            throw ToolError(
                code: .invalidArguments,
                message: "the arguments must be a JSON object"
            )
        }
        return object
    }
}
