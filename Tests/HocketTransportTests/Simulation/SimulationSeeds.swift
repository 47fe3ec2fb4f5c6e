import Foundation
import NIOCore

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

    /// How many run at a time: one beside other tests, else as many as there are cores.
    static var concurrency: Int { number("HOCKET_SEEDS") == nil ? 1 : System.coreCount }

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
    }
}
