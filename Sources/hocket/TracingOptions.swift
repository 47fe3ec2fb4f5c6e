import ArgumentParser
import Configuration
import HocketTracing

/// Whether and where the router's own spans are told.
struct TracingOptions: ParsableArguments {
    @Option(
        help: """
            The collector that spans are posted to over OTLP/HTTP in JSON, such as \
            http://127.0.0.1:4318. [$OTEL_EXPORTER_OTLP_ENDPOINT, else none]
            """
    )
    var otlpEndpoint: String?

    @Option(
        help: """
            The share of traces that are recorded, from 0 to 1, where the caller does not say \
            whether it records. [1]
            """
    )
    var traceRatio: Double?

    /// The settings that hold, each from the flag, the environment, or the file.
    ///
    /// The collector may also be named by the variable that OpenTelemetry has for it; whatever is
    /// said to this router alone wins.
    ///
    /// - Returns: nil where no collector is named.
    func resolved(_ reader: ConfigReader) throws -> TracingSettings? {
        let ratio = traceRatio ?? reader.double(forKey: "traceRatio", default: 1)
        guard (0...1).contains(ratio) else {
            throw ValidationError("--trace-ratio is a number from 0 to 1, not \(ratio).")
        }
        let common = ConfigReader(provider: EnvironmentVariablesProvider())
        let text =
            otlpEndpoint ?? reader.string(forKey: "otlpEndpoint")
            ?? common.string(forKey: "otel.exporter.otlp.endpoint")
        // An empty text names none, also where the other variable would.
        guard let text, !text.isEmpty else { return nil }
        guard let endpoint = OTLPEndpoint(text) else {
            // Not quoted: it may hold a secret, which is why it is refused.
            throw ValidationError(
                "--otlp-endpoint is http:// or https://, a host, and no user, query or fragment."
            )
        }
        return TracingSettings(endpoint: endpoint, sampler: TraceSampler(ratio: ratio))
    }
}

/// Where spans are told, and of which traces, checked.
struct TracingSettings {
    var endpoint: OTLPEndpoint
    /// Which traces are recorded that begin here.
    var sampler = TraceSampler()
}
