import HocketTransport
import HocketWire
import NIOCore

extension CheckedWorker {
    /// Waits for the worker's HELLO.
    func hello() async throws -> Hello {
        try await wait(for: "HELLO", within: .seconds(5)) { $0.hello != nil }
        guard let hello = ledger.hello else { throw CaseEnd.failed("HELLO is missing") }
        return hello
    }

    /// Lets the worker in: preface, HELLO, HELLO_ACK, and its first STATUS.
    ///
    /// - Parameters:
    ///   - identity: what the router says of itself.
    ///   - limits: what it takes.
    ///   - statusMilliseconds: how often the worker is to send STATUS.
    ///   - change: alters the frames on their way.
    func admit(
        by identity: ProcessIdentity,
        limits: WireLimits = WireLimits(),
        statusMilliseconds: Int = 1_000,
        change: (inout ByteBuffer) -> Void = { _ in }
    ) async throws {
        try greet(by: identity, limits: limits, change: change)
        let offered = try await hello().capabilities
        let ack = HelloAck(
            capabilities: offered.subtracting([.logEvents, .cacheEvents]),
            workerID: "checked",
            statusIntervalMilliseconds: statusMilliseconds
        )
        send(try encode(.helloAck(ack), change: change))
        try await wait(for: "the STATUS after HELLO_ACK", within: .seconds(5)) {
            !$0.statuses.isEmpty
        }
    }

    /// Says preface and HELLO.
    func greet(
        by identity: ProcessIdentity,
        limits: WireLimits = WireLimits(),
        change: (inout ByteBuffer) -> Void = { _ in }
    ) throws {
        var preface = ByteBuffer()
        Preface.current.write(into: &preface)
        send(preface)
        let hello = Hello(
            role: .router,
            instanceID: identity.instanceID,
            name: identity.name,
            build: identity.build,
            limits: PeerLimits(limits),
            clock: identity.clock()
        )
        send(try encode(.hello(hello), change: change))
    }
}
