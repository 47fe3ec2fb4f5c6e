import HocketHTTP

extension HTTPLimits {
    /// The standard limits but for one.
    static func with<Value>(
        _ limit: WritableKeyPath<HTTPLimits, Value>,
        _ value: Value
    ) -> HTTPLimits {
        var limits = HTTPLimits()
        limits[keyPath: limit] = value
        return limits
    }
}
