import HTTPTypes

/// Fields that HTTPTypes has no names for.
extension HTTPField.Name {
    /// The request's id, for whoever reports a fault.
    static let requestID = HTTPField.Name(known: "x-request-id")

    /// How many milliseconds the client will wait for the whole of its answer.
    static let requestTimeout = HTTPField.Name(known: "x-request-timeout-ms")

    /// Asks a proxy in front not to hold events back; nginx's own.
    static let accelBuffering = HTTPField.Name(known: "x-accel-buffering")

    /// The span that asks (W3C Trace Context).
    static let traceParent = HTTPField.Name(known: "traceparent")

    /// What tracing systems say to each other (W3C Trace Context).
    static let traceState = HTTPField.Name(known: "tracestate")

    /// A name that is known to be one.
    private init(known name: String) {
        guard let name = HTTPField.Name(name) else {
            preconditionFailure("\(name) is no field name")
        }
        self = name
    }
}
