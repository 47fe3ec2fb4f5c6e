import HocketEngine

/// Runs `body` for at most `limit`, whatever happens meanwhile.
///
/// Without a limit it just runs. When the limit passes, `body` is cancelled and awaited, so it
/// has to end soon when cancelled.
///
/// - Throws: ``ToolError`` `timedOut` when the limit passed, `cancelled` when the calling task
///   was cancelled, and what `body` throws.
func withDeadline<Value: Sendable>(
    _ limit: Duration?,
    _ time: Timekeeper,
    _ body: @escaping @Sendable () async throws(ToolError) -> Value
) async throws(ToolError) -> Value {
    guard let limit else { return try await body() }
    let result = await withTaskGroup(of: Result<Value, ToolError>?.self) { group in
        group.addTask {
            do throws(ToolError) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        group.addTask {
            try? await time.sleep(limit)
            return nil
        }
        return await firstResult(&group, limit: limit)
    }
    return try result.get()
}

/// The body's result, unless the clock comes first.
private func firstResult<Value: Sendable>(
    _ group: inout TaskGroup<Result<Value, ToolError>?>,
    limit: Duration
) async -> Result<Value, ToolError> {
    let first = await group.next()
    group.cancelAll()
    if let first, let result = first { return result }
    let wasCancelled = Task.isCancelled
    // A result that was ready when the clock came is better than none.
    for await late in group {
        if case .success? = late, let late { return late }
    }
    return .failure(
        wasCancelled
            ? .cancelled
            : ToolError(code: .timedOut, message: "the server did not answer within \(limit)")
    )
}

/// Runs `body` to its end even if the calling task is cancelled.
///
/// What it does must be bounded in time by itself: it exists to tell a server that nobody waits
/// any more, which is called for exactly when the task is cancelled.
func uncancelled<Value: Sendable>(
    _ body: @escaping @Sendable () async -> Value
) async -> Value {
    // Unstructured only in name: its end is awaited here, and cancellation is what it must not
    // inherit.
    await Task { await body() }.value
}
