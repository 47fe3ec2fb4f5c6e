import Foundation

/// Which seeds are simulated.
enum SimulationSeeds {
    /// How many an ordinary run of the tests tries.
    static let countByDefault: UInt64 = 200

    /// The one that shall be replayed.
    static var replayed: UInt64? { number("HOCKET_SEED") }

    static var chosen: [UInt64] {
        if let replayed { return [replayed] }
        return Array(1...(number("HOCKET_SEEDS") ?? countByDefault))
    }

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
    }
}
