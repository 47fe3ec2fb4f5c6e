import Harmony

/// Summaries as they stand in records.
extension JSONObject {
    /// The object as JSON text, or only its length when it is too long.
    var recordText: [UInt8] {
        var text: [UInt8] = []
        JSONValue.object(self).write(into: &text)
        guard text.count > InspectionFormat.summaryBytesMax else { return text }
        let stub: JSONValue = ["summary_bytes": .number(JSONNumber(text.count))]
        return Array(stub.compact.utf8)
    }

    /// Reads a summary.
    init(recordText text: [UInt8]) throws(CaptureError) {
        do throws(JSONError) {
            guard let object = try JSONValue(parsing: text).object else {
                throw JSONError(offset: 0, message: "no object")
            }
            self = object
        } catch {
            throw CaptureError(
                code: .recordInvalid,
                message: "the stream has a summary that is no JSON object: \(error)",
                cause: error
            )
        }
    }
}
