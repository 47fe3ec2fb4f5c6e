import Glibc
import HocketResponses
import HocketTransport
import HocketWire

/// The clocks and the randomness of the machine, given to everything that is composed here.
enum SystemSurroundings {
    /// Both clocks of a peer, read together.
    static func peerClock() -> PeerClock {
        PeerClock(
            monotonicNanoseconds: nanoseconds(CLOCK_MONOTONIC),
            realNanoseconds: nanoseconds(CLOCK_REALTIME)
        )
    }

    /// The time of day.
    static func now() -> WallTime {
        WallTime(secondsSince1970: Int(nanoseconds(CLOCK_REALTIME) / 1_000_000_000))
    }

    /// The time since the machine was started.
    static func uptime() -> Duration {
        .nanoseconds(Int64(nanoseconds(CLOCK_MONOTONIC)))
    }

    /// 64 random bits.
    static func random() -> UInt64 {
        .random(in: .min ... .max)
    }

    /// A fresh id for a request.
    static func requestID() -> RequestID {
        RequestID(rawValue: UInt128(random()) << 64 | UInt128(random()))
    }

    /// What this process says of itself to its peers.
    static func identity(name: String) -> ProcessIdentity {
        ProcessIdentity(
            instanceID: InstanceID(rawValue: UInt128(random()) << 64 | UInt128(random())),
            name: name,
            build: Version.build,
            clock: { peerClock() }
        )
    }

    private static func nanoseconds(_ clock: Int32) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
