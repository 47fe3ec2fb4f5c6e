public import HocketResponses

extension ResponseService.Surroundings {
    /// Surroundings that are the same in every run.
    public static func seeded(
        _ seed: UInt64 = 1,
        clock: ManualClock = ManualClock(secondsSince1970: 1_760_000_000)
    ) -> ResponseService.Surroundings {
        let randomness = SeededRandomness(seed: seed)
        return ResponseService.Surroundings(
            now: { clock.now },
            random: { randomness.next() },
            uptime: { .seconds(clock.now.secondsSince1970) }
        )
    }
}
