import Harmony
import Testing

@Suite struct RendererCaseTests {
    @Test func rendersWhatTheReferenceRenders() throws {
        var count = 0
        for renderCase in try RenderCase.all() where renderCase.error == nil {
            #expect(try renderCase.render() == renderCase.tokens, "\(renderCase.id)")
            count += 1
        }
        #expect(count == 326)
    }

    @Test func failsWithTheWordsOfTheReferenceWhereItCannotRender() throws {
        var count = 0
        for renderCase in try RenderCase.all() {
            guard let error = renderCase.error, error.type != "ValueError" else { continue }
            let thrown = #expect(throws: HarmonyError.self) { try renderCase.render() }
            #expect(thrown?.message == error.message, "\(renderCase.id)")
            count += 1
        }
        #expect(count == 4)
    }

    @Test func refusesTheInputThatTheReferenceRefuses() throws {
        var count = 0
        for renderCase in try RenderCase.all() where renderCase.error?.type == "ValueError" {
            #expect(throws: (any Error).self, "\(renderCase.id)") { try renderCase.render() }
            count += 1
        }
        #expect(count == 14)
    }
}
