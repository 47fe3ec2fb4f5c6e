/// The name of a series: its family and its labels.
struct MetricName: Hashable, Comparable {
    struct Label: Hashable, Comparable {
        let name: String
        let value: String

        static func < (left: Label, right: Label) -> Bool {
            (left.name, left.value) < (right.name, right.value)
        }
    }

    let family: String
    let labels: [Label]

    static func < (left: MetricName, right: MetricName) -> Bool {
        left.family == right.family
            ? left.labels.lexicographicallyPrecedes(right.labels) : left.family < right.family
    }

    /// The name as it stands in front of a value, with a suffix behind the family.
    func sample(_ suffix: String = "") -> String {
        guard !labels.isEmpty else { return family + suffix }
        let labels = labels.map { "\($0.name)=\"\($0.value.escapedForPrometheus)\"" }
        return "\(family)\(suffix){\(labels.joined(separator: ","))}"
    }
}

extension String {
    fileprivate var escapedForPrometheus: String {
        reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
