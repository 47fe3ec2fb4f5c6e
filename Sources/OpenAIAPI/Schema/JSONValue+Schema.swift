import Harmony

extension JSONValue {
    /// Whether the value is of a type that JSON Schema names; an integer is a number without a
    /// fraction, however it is spelled.
    func isOf(type: String) -> Bool {
        switch (self, type) {
        case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.string, "string"),
            (.array, "array"), (.object, "object"):
            true
        case (.number(let number), "integer"):
            number.integer != nil || number.double.rounded() == number.double
        default: false
        }
    }

    /// Whether two values mean the same: numbers by value, objects in any order.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left.double == right.double
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            left.members.count == right.members.count
                && left.members.allSatisfy { right[$0.key]?.isSame(as: $0.value) ?? false }
        default: self == other
        }
    }
}
