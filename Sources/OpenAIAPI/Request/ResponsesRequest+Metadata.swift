import Harmony

extension ResponsesRequest {
    /// The most pairs a request's metadata may have, as at OpenAI.
    public static let metadataPairsMax = 16
    /// The most characters a key of the metadata may have.
    public static let metadataKeyCharactersMax = 64
    /// The most characters a value of the metadata may have.
    public static let metadataValueCharactersMax = 512

    /// Reads the `metadata` parameter: a few short strings.
    static func metadata(_ value: JSONValue, at path: String) throws(APIError) -> JSONObject {
        let metadata = try ParameterReader(value, at: path).object
        try check(metadata.members.count, max: metadataPairsMax, "pairs", at: path)
        for member in metadata.members {
            let path = "\(path).\(member.key)"
            let text = try ParameterReader.string(member.value, at: path)
            try check(member.key.count, max: metadataKeyCharactersMax, "characters", at: path)
            try check(text.count, max: metadataValueCharactersMax, "characters", at: path)
        }
        return metadata
    }

    private static func check(
        _ count: Int,
        max: Int,
        _ unit: String,
        at path: String
    ) throws(APIError) {
        guard count <= max else {
            throw .invalidValue(path, "it is too long (max: \(max) \(unit), actual: \(count)).")
        }
    }
}
