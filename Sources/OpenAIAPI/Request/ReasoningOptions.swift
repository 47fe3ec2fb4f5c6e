import Harmony

/// How much the model shall think, and what shall be told of it.
public struct ReasoningOptions: Hashable, Sendable {
    /// The effort, as the API grades it; Harmony knows three grades.
    public enum Effort: String, Hashable, Sendable, CaseIterable {
        /// No reasoning.
        case none
        /// The least reasoning.
        case minimal
        /// Little reasoning.
        case low
        /// The default.
        case medium
        /// Much reasoning.
        case high
        /// More reasoning.
        case xhigh
        /// The most reasoning.
        case max
    }

    /// How detailed a summary of the reasoning shall be.
    public enum Summary: String, Hashable, Sendable, CaseIterable {
        /// As the server sees fit.
        case auto
        /// Short.
        case concise
        /// Long.
        case detailed
    }

    /// The effort, nil if the caller did not say.
    public var effort: Effort?
    /// The summary, nil for none.
    public var summary: Summary?

    /// Creates options.
    public init(effort: Effort? = nil, summary: Summary? = nil) {
        self.effort = effort
        self.summary = summary
    }
}

extension ReasoningOptions {
    /// Reads the `reasoning` parameter; `generate_summary` is its older word for `summary`.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let olderSummary: Summary? = try reader.choice("generate_summary")
        self.init(
            effort: try reader.choice("effort"),
            summary: try reader.choice("summary") ?? olderSummary
        )
    }

    /// Writes the echo: both members, null where the caller did not say.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("effort", effort?.rawValue)
            json.member("summary", summary?.rawValue)
        }
    }
}
