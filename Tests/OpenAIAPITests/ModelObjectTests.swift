import Harmony
import NIOCore
import OpenAIAPI
import Testing

@Suite struct ModelObjectTests {
    @Test func listsModels() throws {
        let model = ModelObject(id: "openai/gpt-oss-20b", createdAt: 7, ownedBy: "hocket")
        let list = try JSONValue(parsing: String(buffer: ModelObject.list([model])))
        let object: JSONValue = [
            "id": "openai/gpt-oss-20b", "object": "model", "created": 7, "owned_by": "hocket",
        ]
        #expect(list == ["object": "list", "data": [object]])
        #expect(try JSONValue(parsing: String(buffer: model.json)) == object)
    }
}
