import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import NIOCore

extension ProcessIdentity {
    static func virtual(_ name: String, host: VirtualHost) -> ProcessIdentity {
        ProcessIdentity(
            instanceID: InstanceID(rawValue: 1),
            name: name,
            build: "test",
            clock: { host.clock }
        )
    }
}

extension Hello {
    static func virtual(
        _ name: String,
        _ generation: UInt64,
        _ engine: SequenceEngine,
        _ limits: WireLimits,
        _ host: VirtualHost
    ) -> Hello {
        Hello(
            role: .worker,
            instanceID: InstanceID(rawValue: 2),
            name: name,
            generation: generation,
            build: "test",
            limits: PeerLimits(limits),
            models: engine.models,
            clock: host.clock
        )
    }
}

extension VirtualHost {
    /// The clocks as processes read them.
    var clock: PeerClock {
        let nanoseconds = now.uptimeNanoseconds
        return PeerClock(monotonicNanoseconds: nanoseconds, realNanoseconds: nanoseconds)
    }
}
