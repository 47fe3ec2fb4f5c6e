import Harmony
import NIOCore
import OpenAIAPI
import Testing

/// What a request demands of calls is kept, or the response says that it was not.
@Suite struct ToolRulesTests {
    private func transcript(_ members: String) throws -> Transcript {
        let tools = #""tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}]"#
        return try Transcript(#"{"model":"m","input":"x",\#(tools),\#(members)}"#)
    }

    private static let onlyF = #"[{"type":"function","name":"f"}]"#

    @Test(arguments: [
        #""tool_choice":"required""#,
        #""tool_choice":{"type":"function","name":"f"}"#,
        #""tool_choice":{"type":"allowed_tools","mode":"required","tools":\#(onlyF)}"#,
    ])
    func failsWhenTheDemandedCallIsNotMade(choice: String) throws {
        var transcript = try transcript(choice)
        transcript.start()
        transcript.say(["No"], on: .final, end: .return)
        transcript.finish()
        let response = try transcript.response
        #expect(response["status"] == "failed")
        #expect(response["error"]?["message"]?.string?.contains("tool_choice demands") == true)
        #expect(response["output"]?.array?.count == 1)
    }

    @Test(arguments: [
        #""tool_choice":"required""#,
        #""tool_choice":{"type":"function","name":"f"}"#,
        #""tool_choice":{"type":"allowed_tools","mode":"required","tools":\#(onlyF)}"#,
    ])
    func isCompleteWhenTheDemandedCallIsMade(choice: String) throws {
        var transcript = try transcript(choice)
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .call)
        transcript.finish()
        #expect(try transcript.response["status"] == "completed")
    }

    @Test func failsWhenAnotherFunctionIsCalled() throws {
        var transcript = try transcript(#""tool_choice":{"type":"function","name":"f"}"#)
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.g", end: .call)
        transcript.finish()
        #expect(try transcript.response["status"] == "failed")
    }

    @Test func neverShowsACallThatIsNotAllowed() throws {
        var transcript = try transcript(
            #""tool_choice":{"type":"allowed_tools","tools":\#(Self.onlyF)}"#
        )
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.g", end: .call)
        transcript.finish()
        let response = try transcript.response
        #expect(response["output"] == [])
        #expect(response["status"] == "failed")
    }

    @Test(arguments: [
        #""tool_choice":"required""#,
        #""tool_choice":{"type":"function","name":"f"}"#,
    ])
    func inventedFunctionIsNotWhatIsDemanded(choice: String) throws {
        var transcript = try transcript(choice)
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.h", end: .call)
        transcript.finish()
        let response = try transcript.response
        #expect(response["output"] == [])
        #expect(response["status"] == "failed")
        #expect(response["error"]?["message"]?.string?.contains("'functions.h'") == true)
    }

    @Test(arguments: ["{\"a\"", "no JSON"])
    func strictArgumentsThatAreNoJSONAreNoCall(arguments: String) throws {
        let tool = #"{"type":"function","name":"f","strict":true,"parameters":{"type":"object"}}"#
        var transcript = try Transcript(#"{"model":"m","input":"x","tools":[\#(tool)]}"#)
        transcript.start()
        transcript.say([arguments], on: .commentary, to: "functions.f", end: .call)
        transcript.finish()
        let response = try transcript.response
        #expect(response["status"] == "failed")
        #expect(response["error"]?["message"]?.string?.contains("no JSON") == true)
        #expect(response["output"]?.array?.first?["status"] == "incomplete")
    }

    @Test func customToolIsNotTheFunctionThatIsAllowed() throws {
        let tools = #""tools":[{"type":"function","name":"f"},{"type":"custom","name":"f"}]"#
        let choice = #""tool_choice":{"type":"allowed_tools","tools":\#(Self.onlyF)}"#
        let body = #"{"model":"m","input":"x",\#(tools),\#(choice)}"#
        let catalog = ToolCatalog(try ResponsesRequest(body: ByteBuffer(string: body)))
        #expect(catalog.entries.map(\.route) == [.function(CallableName("f"))])
    }

    @Test(arguments: [(false, 1), (true, 2)])
    func showsParallelCallsOnlyWhereTheyAreAllowed(isAllowed: Bool, count: Int) throws {
        var transcript = try transcript("\"parallel_tool_calls\":\(isAllowed)")
        transcript.start()
        transcript.say(["{}"], on: .commentary, to: "functions.f", end: .end)
        transcript.say(["{}"], on: .commentary, to: "functions.g", end: .call)
        transcript.finish()
        let response = try transcript.response
        #expect(response["status"] == "completed")
        #expect(response["output"]?.array?.count == count)
    }
}
