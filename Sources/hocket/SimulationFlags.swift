import ArgumentParser
import Glibc
import HocketSimulation
import SystemPackage

/// How the worker without a model behaves.
struct SimulationFlags: ParsableArguments {
    @Option(help: "The model's name.")
    var model = "simulated-gpt-oss"

    @Option(help: "Tokens a second for each stream; 0 for as fast as it can.")
    var tokensPerSecond = 60.0

    @Option(help: "Tokens that a stream gets in one step.")
    var tokensPerStep = 1

    @Option(help: "The longest context in tokens.")
    var contextTokensMax = 131_072

    @Option(help: "The most streams at a time.")
    var streamsMax = 1024

    @Flag(help: "Offer no constraints, like an engine that has none: the router checks answers.")
    var noConstraints = false

    @Option(help: "A file of answers, {\"pattern\": …, \"tokens\": […]} on each line.")
    var script: String?

    @Option(help: "Misbehave after N tokens: die:N, stall:N or garbage:N.")
    var fault: String?

    func validate() throws {
        guard tokensPerSecond >= 0 else {
            throw ValidationError("--tokens-per-second is not negative.")
        }
        for (name, value) in [
            ("--tokens-per-step", tokensPerStep), ("--context-tokens-max", contextTokensMax),
            ("--streams-max", streamsMax),
        ] where value < 1 {
            throw ValidationError("\(name) is at least 1, not \(value).")
        }
        if let fault, SimulatedFault(fault) == nil {
            throw ValidationError("--fault is die:N, stall:N or garbage:N, not '\(fault)'.")
        }
    }

    /// An engine that behaves so.
    func engine() throws -> SimulatedEngine {
        SimulatedEngine(
            SimulationOptions(
                modelName: model,
                contextTokensMax: contextTokensMax,
                streamsMax: streamsMax,
                tokensPerSecond: tokensPerSecond == 0 ? nil : tokensPerSecond,
                tokensPerStep: tokensPerStep,
                keepsToConstraints: !noConstraints,
                script: try script.map(Self.read) ?? AnswerScript(),
                fault: fault.flatMap(SimulatedFault.init)
            ),
            die: { _exit(86) }
        )
    }

    private static func read(_ path: String) throws -> AnswerScript {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        let bytes = try file.closeAfter {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe try chunk.withUnsafeMutableBytes {
                    unsafe try file.read(into: $0)
                }
                guard count > 0 else { return bytes }
                bytes += chunk.prefix(count)
            }
        }
        return try AnswerScript(jsonLines: String(decoding: bytes, as: UTF8.self))
    }
}
