import Harmony

/// Strings and numbers.
extension ValueMaker {
    /// An example of a format, or the next text of the user's, or else the property's name.
    mutating func string(_ schema: JSONValue, _ name: String) -> String {
        if let example = schema["format"]?.string.flatMap({ Self.examples[$0] }) { return example }
        var text = material.nextText() ?? name
        if let least = schema["minLength"]?.integer, text.unicodeScalars.count < least {
            text += String(repeating: "a", count: least - text.unicodeScalars.count)
        }
        guard let most = schema["maxLength"]?.integer else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
    }

    /// The next number of the user's that fits, or else the least one from 1 on that does.
    mutating func number(_ schema: JSONValue) -> JSONValue {
        let fits = { (number: Double) in Self.fits(number, schema) }
        let spoken = material.nextNumber(where: fits)
        guard let number = spoken ?? Self.candidates(schema).first(where: fits) else { return 1 }
        if let integer = Int(exactly: number) { return .number(JSONNumber(integer)) }
        return JSONNumber(number).map(JSONValue.number) ?? 1
    }

    private static func fits(_ number: Double, _ schema: JSONValue) -> Bool {
        let isWhole = number.rounded() == number
        let step = schema["multipleOf"]?.double ?? 0
        return (isWhole || schema["type"] != "integer")
            && number >= schema["minimum"]?.double ?? -.infinity
            && number <= schema["maximum"]?.double ?? .infinity
            && number > schema["exclusiveMinimum"]?.double ?? -.infinity
            && number < schema["exclusiveMaximum"]?.double ?? .infinity
            && (step <= 0 || number.remainder(dividingBy: step).magnitude < step * 1e-9)
    }

    /// Numbers at the edges of what a schema allows.
    private static func candidates(_ schema: JSONValue) -> [Double] {
        let step = schema["multipleOf"]?.double ?? 1
        let low = schema["minimum"]?.double ?? schema["exclusiveMinimum"]?.double
        let high = schema["maximum"]?.double ?? schema["exclusiveMaximum"]?.double
        var candidates = [1, step, 0]
        if let low {
            candidates += [low, (low / step).rounded(.up) * step, low.rounded(.down) + step]
        }
        if let high {
            candidates += [high, (high / step).rounded(.down) * step, high.rounded(.up) - step]
        }
        if let low, let high { candidates.append((low + high) / 2) }
        return candidates
    }

    private static let examples = [
        "date": "2025-06-28", "date-time": "2025-06-28T12:00:00Z", "time": "12:00:00Z",
        "duration": "PT1H", "email": "singer@example.com", "hostname": "example.com",
        "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.com/song",
        "uuid": "00000000-0000-4000-8000-000000000000",
    ]
}
