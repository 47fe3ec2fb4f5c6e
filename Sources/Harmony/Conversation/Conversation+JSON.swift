extension Conversation {
    /// Reads a conversation in the JSON form of the reference (<doc:ConversationsAsJSON>).
    ///
    /// Fields that the reference does not know are ignored. An array that holds the array of
    /// messages is accepted in place of the object, as the reference accepts it.
    ///
    /// - Throws: ``HarmonyError`` with the code ``HarmonyError/Code/invalidConversation`` and the
    ///   path of the value that is missing, repeated or of the wrong kind.
    public init(json: JSONValue) throws(HarmonyError) {
        do throws(ShapeError) {
            self.init(messages: try Self.messages(in: json))
        } catch {
            throw error.harmonyError
        }
    }

    /// This conversation in the JSON form of the reference.
    public var json: JSONValue {
        ["messages": .array(messages.map(\.json))]
    }

    private static func messages(in json: JSONValue) throws(ShapeError) -> [Message] {
        if case .array(let fields) = json, fields.count == 1 {
            return try fields[0].expectArray(of: Message.init(shape:))
        }
        return try JSONFields(json).requiredArray("messages", of: Message.init(shape:))
    }
}
