/// Something that is counted, measured or summed under one name.
protocol PrometheusSeries: AnyObject, Sendable {
    /// What Prometheus calls its kind.
    var type: String { get }

    /// Writes its samples, a line each.
    func write(to text: inout String, as name: MetricName)
}
