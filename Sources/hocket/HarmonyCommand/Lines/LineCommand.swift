import ArgumentParser
import Harmony

/// A command that answers each JSON line of standard input with one on standard output.
protocol LineCommand: ParsableCommand {
    /// The result for one request, without its `id`.
    func answer(_ request: LineRequest) throws(LineError) -> JSONObject
}

extension LineCommand {
    func run() throws {
        var number = 0
        try LinePipe.run { line, output in
            number += 1
            guard !line.isBlank else { return }
            JSONValue.object(reply(to: line, number: number)).write(into: &output)
            output.append(UInt8(ascii: "\n"))
        }
    }

    private func reply(to line: ArraySlice<UInt8>, number: Int) -> JSONObject {
        var reply = JSONObject()
        do throws(LineError) {
            let request = try LineRequest(line: line)
            reply["id"] = request.id
            for member in try answer(request).members { reply[member.key] = member.value }
        } catch {
            reply["line"] = .number(JSONNumber(number))
            reply["error"] = error.json
        }
        return reply
    }
}
