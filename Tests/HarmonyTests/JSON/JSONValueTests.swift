import Harmony
import Testing

@Suite struct JSONValueTests {
    @Test func keepsTheOrderOfMembers() throws {
        let text = #"{"z":1,"a":2,"m":{"y":3,"b":4}}"#
        #expect(try JSONValue(parsing: text).compact == text)
        #expect(try JSONValue(parsing: text) != JSONValue(parsing: #"{"a":2,"z":1,"m":{}}"#))
    }

    @Test func givesARepeatedKeyItsLastValueInItsFirstPlace() throws {
        let value = try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#)
        #expect(value.compact == #"{"a":3,"b":2}"#)
    }

    @Test func tellsKeysApartByTheirBytes() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test func findsMembersOfLargeObjects() throws {
        var object = JSONObject()
        for number in 0..<1_000 { object["key \(number % 500)"] = .number(JSONNumber(number)) }
        #expect(object.members.count == 500)
        #expect(object["key 7"] == 507)
        object["key 7"] = nil
        #expect(object["key 7"] == nil)
        #expect(object["key 499"] == 999)
        #expect(object.members.map(\.key).prefix(8).last == "key 8")
    }

    @Test func writesOnlyTheEscapesThatAreNeeded() {
        let key = "\u{1F}/\"\\\u{8}\u{C}\n\r\t\0é\u{2028}\u{7F}"
        let value = JSONValue.object([key: [nil, true, -1, 1.5]])
        let written = #""\u001f/\"\\\b\f\n\r\t\u0000é"# + "\u{2028}\u{7F}\""
        let text = "{\(written):[null,true,-1,1.5]}"
        #expect(value.compact == text)
    }

    @Test func readsNumbersAsIntegersOnlyWhenTheyAreSpelledSo() {
        #expect(JSONNumber(text: "9223372036854775807")?.integer == Int.max)
        #expect(JSONNumber(text: "9223372036854775808")?.integer == nil)
        #expect(JSONNumber(text: "1.0")?.integer == nil)
        #expect(JSONNumber(text: "1.0")?.double == 1)
        #expect(JSONNumber(text: "1e999")?.double == .infinity)
        #expect(JSONNumber(text: "-1e999")?.double == -.infinity)
    }

    @Test(arguments: ["", "1 ", " 1", "+1", "0x1", "nan", "1_000", "١"])
    func refusesOtherSpellingsOfNumbers(text: String) {
        #expect(JSONNumber(text: text) == nil)
    }

    @Test func hasNoNumberForWhatIsNotFinite() {
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(-Double.infinity) == nil)
        #expect(JSONNumber(1e300)?.text == "1e+300")
    }

    @Test func namesTheKindOfAValue() {
        let value: JSONValue = ["s": "x", "n": 2, "d": 0.5, "b": false, "a": [1], "z": nil]
        #expect(value["s"]?.string == "x")
        #expect(value["n"]?.integer == 2)
        #expect(value["d"]?.double == 0.5)
        #expect(value["b"]?.bool == false)
        #expect(value["a"]?.array == [1])
        #expect(value["z"]?.isNull == true)
        #expect(value["absent"] == nil)
        #expect(value["s"]?.integer == nil)
        #expect(value["n"]?.string == nil)
    }
}
