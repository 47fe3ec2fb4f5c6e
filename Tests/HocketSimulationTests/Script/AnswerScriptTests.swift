import HocketTesting
import Testing

@testable import HocketSimulation

/// A script is read line by line, and what is wrong with it is told by line.
@Suite struct AnswerScriptTests {
    @Test func firstLineWhosePatternIsThereAnswers() throws {
        let script = try AnswerScript(
            jsonLines: """
                {"pattern": "weather in Paris", "tokens": [1, 2]}
                {"pattern": "weather", "tokens": [3]}

                {"pattern": "", "tokens": []}
                """
        )
        #expect(script.answer(to: "the weather in Paris?") == [1, 2])
        #expect(script.answer(to: "the weather?") == [3])
        #expect(script.answer(to: "anything") == [])
    }

    @Test func emptyScriptAnswersNothing() throws {
        #expect(AnswerScript().answer(to: "") == nil)
        #expect(try AnswerScript(jsonLines: " \n\n").answer(to: "") == nil)
    }

    @Test func tokensNeedNotBeWellFormedOrInTheVocabulary() throws {
        let script = try AnswerScript(jsonLines: #"{"pattern": "x", "tokens": [4294967295]}"#)
        #expect(script.answer(to: "x") == [.max])
    }

    @Test(arguments: [
        "{", #"{"pattern": "x"}"#, #"{"tokens": [1]}"#, #"{"pattern": 1, "tokens": [1]}"#,
        #"{"pattern": "x", "tokens": ["1"]}"#, #"{"pattern": "x", "tokens": [-1]}"#,
        #"{"pattern": "x", "tokens": [1.5]}"#, #"{"pattern": "x", "tokens": [4294967296]}"#,
        "[1]",
    ])
    func lineThatCannotBeReadIsNamed(line: String) throws {
        let good = #"{"pattern": "x", "tokens": [1]}"#
        let error = #expect(throws: ScriptError.self) {
            try AnswerScript(jsonLines: "\(good)\n\n\(line)\n\(good)")
        }
        #expect(error?.line == 3)
        #expect(error?.description.hasPrefix("line 3 of the script: ") == true)
    }
}
