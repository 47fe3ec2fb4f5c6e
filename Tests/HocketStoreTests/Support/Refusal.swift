import HocketEngine
import Testing

/// Expects a store to refuse, and returns its words.
@discardableResult
func expectRefusal(
    _ code: StoreError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> String {
    let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
        try await body()
    }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    return error?.description ?? ""
}
