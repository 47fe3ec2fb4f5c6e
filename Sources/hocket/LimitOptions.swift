import ArgumentParser
import Configuration
import HocketHTTP
import NIOCore

/// What the router takes from its clients.
struct LimitOptions: ParsableArguments {
    @Option(help: "The longest request body in bytes. [16777216]")
    var bodyBytesMax: Int?

    @Option(help: "The most bytes of all request bodies that are being read. [268435456]")
    var bodiesBytesMax: Int?

    @Option(help: "The longest target of a request in bytes. [8192]")
    var targetBytesMax: Int?

    @Option(help: "The longest head of a request in bytes. [65536]")
    var headBytesMax: Int?

    @Option(help: "The most header fields of a request. [128]")
    var headerFieldsMax: Int?

    @Option(help: "The most connections of clients at a time. [8192]")
    var connectionsMax: Int?

    @Option(help: "The most requests that are answered at a time. [4096]")
    var requestsMax: Int?

    @Option(help: "The most requests of one connection that wait for their answers. [128]")
    var pipelinedRequestsMax: Int?

    @Option(help: "How many seconds the head of a request may take. [30]")
    var headTimeout: Int?

    @Option(help: "The longest silence in the middle of a body, in seconds. [30]")
    var bodyTimeout: Int?

    @Option(help: "The fewest bytes a second of a body after that time. [4096]")
    var bodyRateMin: Int?

    @Option(help: "How many seconds a connection is kept that nothing is asked on. [120]")
    var idleTimeout: Int?

    @Option(help: "How many seconds a client may take nothing of its answer. [60]")
    var slowClientTimeout: Int?

    /// The limits that hold, each from the flag, the environment, or the file.
    func resolved(_ reader: ConfigReader) throws -> HTTPLimits {
        var limits = HTTPLimits()
        try reader.set(&limits.bodyBytesMax, bodyBytesMax, "bodyBytesMax", "--body-bytes-max")
        try reader.set(
            &limits.bodiesBytesMax,
            bodiesBytesMax,
            "bodiesBytesMax",
            "--bodies-bytes-max"
        )
        try reader.set(
            &limits.targetBytesMax,
            targetBytesMax,
            "targetBytesMax",
            "--target-bytes-max"
        )
        try reader.set(&limits.headBytesMax, headBytesMax, "headBytesMax", "--head-bytes-max")
        try reader.set(
            &limits.headerFieldsMax,
            headerFieldsMax,
            "headerFieldsMax",
            "--header-fields-max"
        )
        try reader.set(
            &limits.connectionsMax,
            connectionsMax,
            "connectionsMax",
            "--connections-max"
        )
        try reader.set(&limits.requestsMax, requestsMax, "requestsMax", "--requests-max")
        try reader.set(
            &limits.pipelinedRequestsMax,
            pipelinedRequestsMax,
            "pipelinedRequestsMax",
            "--pipelined-requests-max"
        )
        try reader.set(&limits.headTimeout, headTimeout, "headTimeout", "--head-timeout")
        try reader.set(&limits.bodyTimeout, bodyTimeout, "bodyTimeout", "--body-timeout")
        try reader.set(&limits.bodyRateMin, bodyRateMin, "bodyRateMin", "--body-rate-min")
        try reader.set(&limits.idleTimeout, idleTimeout, "idleTimeout", "--idle-timeout")
        try reader.set(
            &limits.slowClientTimeout,
            slowClientTimeout,
            "slowClientTimeout",
            "--slow-client-timeout"
        )
        return limits
    }
}

extension ConfigReader {
    /// A number from its flag, the environment or the file.
    ///
    /// - Throws: `ValidationError` for a number below 1.
    func count(_ flag: Int?, _ key: ConfigKey, _ name: String, _ standard: Int) throws -> Int {
        let value = flag ?? int(forKey: key, default: standard)
        guard value > 0 else { throw ValidationError("\(name) is at least 1, not \(value).") }
        return value
    }

    /// Replaces a standard value by the one from its flag, the environment or the file, if any.
    func set(
        _ limit: inout Int,
        _ flag: Int?,
        _ key: ConfigKey,
        _ name: String
    ) throws {
        limit = try count(flag, key, name, limit)
    }

    /// The same for whole seconds.
    fileprivate func set(
        _ limit: inout TimeAmount,
        _ flag: Int?,
        _ key: ConfigKey,
        _ name: String
    ) throws {
        let standard = Int(limit.nanoseconds / 1_000_000_000)
        let seconds = try count(flag, key, name, standard)
        guard seconds <= Int(Int32.max) else {
            throw ValidationError("\(name) is at most \(Int32.max), not \(seconds).")
        }
        limit = .seconds(Int64(seconds))
    }
}
