public import Harmony

/// Errors about one parameter, all answered with 400.
extension APIError {
    /// The body is not JSON.
    public static func invalidJSON(_ error: JSONError) -> APIError {
        badRequest(.invalidJSON, nil, "The request body is not valid JSON: \(error).")
    }

    /// A parameter that must be there is not.
    public static func missingParameter(_ path: String) -> APIError {
        badRequest(.missingParameter, path, "Missing required parameter: '\(path)'.")
    }

    /// A parameter has the wrong JSON type.
    ///
    /// - Parameters:
    ///   - path: The parameter.
    ///   - expected: What it may be, with its article: `a string or an array`.
    ///   - found: What it is.
    static func invalidType(_ path: String, expected: String, found: JSONValue) -> APIError {
        let message = "Invalid type for '\(path)': expected \(expected), got \(found.typeName)."
        return badRequest(.invalidType, path.isEmpty ? nil : path, message)
    }

    /// A parameter has a value that it cannot have.
    ///
    /// - Parameters:
    ///   - path: The parameter.
    ///   - reason: A sentence that says why.
    public static func invalidValue(_ path: String, _ reason: String) -> APIError {
        badRequest(.invalidValue, path, "Invalid value for '\(path)': \(reason)")
    }

    /// The encrypted content of an item was not made here for this item, or was changed.
    static func invalidEncryptedContent(_ path: String, ofItem id: String?) -> APIError {
        let item = id.map { "item '\($0)'" } ?? "an item without an id"
        let message = "The encrypted content of \(item) could not be verified."
        return badRequest(.invalidEncryptedContent, path, message)
    }

    /// The output of a call comes without the call.
    static func toolCallNotFound(_ callID: String, parameter: String) -> APIError {
        let message = "No tool call found for function call output with call_id \(callID)."
        return badRequest(.invalidValue, parameter, message)
    }

    /// A parameter is none of the words it may be.
    static func invalidChoice(_ path: String, _ found: String, of supported: [String]) -> APIError {
        let words = supported.map { "'\($0)'" }.joined(separator: ", ")
        return invalidValue(path, "'\(found)' is none of \(words).")
    }

    private static func badRequest(
        _ code: Code,
        _ param: String?,
        _ message: String
    ) -> APIError {
        APIError(
            httpStatus: 400,
            kind: .invalidRequest,
            code: code,
            param: param,
            message: message
        )
    }
}

extension JSONValue {
    /// The JSON type of a value, with its article, as error messages name it.
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number(let number): number.integer == nil ? "a number" : "an integer"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
