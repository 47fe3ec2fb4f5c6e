import ArgumentParser
import Configuration
import HocketEngine
import NIOCore

/// How requests are let in and where they go.
struct PlacementOptions: ParsableArguments {
    @Option(
        help: """
            How a worker is chosen: least-loaded, power-of-two, round-robin, prefix-affine. \
            [prefix-affine]
            """
    )
    var placement: String?

    @Option(help: "The most requests that wait for a worker; 0 for none. [256]")
    var queueRequests: Int?

    @Option(help: "The most prompt tokens of requests that wait for a worker. [1000000]")
    var queueTokens: Int?

    @Option(help: "How many seconds a request waits for a worker. [30]")
    var queueWait: Int?

    /// The settings that hold, each from the flag, the environment, or the file.
    func resolved(_ reader: ConfigReader) throws -> PlacementSettings {
        var settings = PlacementSettings()
        let policy = placement ?? reader.string(forKey: "placement") ?? settings.policy.rawValue
        guard let policy = PlacementPolicy(rawValue: policy) else {
            let policies = PlacementPolicy.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--placement is one of \(policies), not '\(policy)'.")
        }
        settings.policy = policy
        settings.limits.queuedRequestsMax = try count(
            queueRequests ?? reader.int(forKey: "queueRequests"),
            "--queue-requests",
            atLeast: 0,
            else: settings.limits.queuedRequestsMax
        )
        settings.limits.queuedTokensMax = try count(
            queueTokens ?? reader.int(forKey: "queueTokens"),
            "--queue-tokens",
            atLeast: 1,
            else: settings.limits.queuedTokensMax
        )
        if let seconds = queueWait ?? reader.int(forKey: "queueWait") {
            let seconds = try count(seconds, "--queue-wait", atLeast: 1, else: seconds)
            settings.limits.waitMax = .seconds(Int64(seconds))
        }
        return settings
    }

    private func count(
        _ value: Int?,
        _ name: String,
        atLeast least: Int,
        else standard: Int
    ) throws -> Int {
        let value = value ?? standard
        guard value >= least, value <= Int(Int32.max) else {
            throw ValidationError("\(name) is \(least) to \(Int32.max), not \(value).")
        }
        return value
    }
}

/// How requests are let in and where they go, checked.
struct PlacementSettings {
    var policy = PlacementPolicy.prefixAffine
    var limits = AdmissionLimits()
}
