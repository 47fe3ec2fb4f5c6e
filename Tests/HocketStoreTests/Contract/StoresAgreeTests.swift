import HocketEngine
import HocketStore
import Testing

/// Whatever is done to both stores, they answer alike.
@Suite
struct StoresAgreeTests {
    private static let limits = StoreLimits(
        responsesMax: 12,
        bytesMax: 4_000,
        ageSecondsMax: 200
    )
    private static let conversationLimits = ConversationLimits(
        conversationsMax: 5,
        bytesMax: 120,
        itemsMax: 8
    )

    @Test(arguments: 0..<20)
    func storesAgree(onSeed seed: UInt64) async throws {
        let clock = SettableClock()
        let memory = MemoryResponseStore(
            limits: Self.limits,
            conversationLimits: Self.conversationLimits
        ) { clock.now }
        try await StoreKind.sqlite.withStore(
            limits: Self.limits,
            conversationLimits: Self.conversationLimits,
            clock: clock
        ) { sqlite in
            var script = StoreScript(seed: seed)
            for step in 0..<300 {
                clock.advance(bySeconds: script.pause())
                let call = script.next(at: clock.now)
                let answer = await call.answer(of: memory)
                #expect(await call.answer(of: sqlite) == answer, "step \(step)")
                // Only a write that succeeds removes what is over age.
                guard case .done = answer else { continue }
                let usage = try await memory.usage()
                #expect(try await sqlite.usage() == usage, "step \(step)")
                #expect(usage.responses <= Self.limits.responsesMax)
                #expect(usage.bytes <= Self.limits.bytesMax)
            }
        }
    }

    /// A script in which nothing succeeds, or all does, shows little.
    @Test
    func scriptsMeetSuccessAndRefusal() async {
        let store = MemoryResponseStore(
            limits: Self.limits,
            conversationLimits: Self.conversationLimits
        ) { Sample.time }
        var script = StoreScript(seed: 1)
        var refusals: Set<StoreError.Code> = []
        var successes = 0
        for _ in 0..<2_000 {
            switch await script.next(at: Sample.time).answer(of: store) {
            case .refused(let error): refusals.insert(error.code)
            default: successes += 1
            }
        }
        #expect(refusals == [.alreadyExists, .notFound, .outOfOrder, .tooLarge])
        #expect(successes > 600)
    }
}
