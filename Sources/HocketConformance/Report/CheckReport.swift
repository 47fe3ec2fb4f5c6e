public import Harmony
import HocketWire

/// What a check found out about a worker.
public struct CheckReport: Hashable, Sendable {
    /// Who was checked, as its last HELLO said; nil when no worker came.
    public struct Subject: Hashable, Sendable {
        /// What operators call the worker.
        public var name: String
        /// The software that speaks the protocol.
        public var build: String
        /// The engine behind it.
        public var engine: String
    }

    /// Who was checked.
    public var subject: Subject?
    /// The cases in the order in which they were run, then the rules that hold in all of them.
    public var results: [CheckResult] = []

    /// How many the worker did not pass.
    public var failures: Int { results.count { $0.isFailure } }

    /// How many could not be judged.
    public var skips: Int {
        results.count { if case .skipped = $0.verdict { true } else { false } }
    }

    /// The counts, for a person.
    public var summary: String {
        "\(results.count - failures - skips) passed, \(failures) failed, \(skips) skipped"
    }

    /// The report for a program.
    public var json: JSONValue {
        .object([
            "worker": subject.map(\.json) ?? .null,
            "results": .array(results.map(\.json)),
            "passed": .number(JSONNumber(results.count - failures - skips)),
            "failed": .number(JSONNumber(failures)),
            "skipped": .number(JSONNumber(skips)),
        ])
    }
}

extension CheckReport.Subject {
    init(_ hello: Hello) {
        self.init(name: hello.name, build: hello.build, engine: hello.engine)
    }

    fileprivate var json: JSONValue {
        .object(["name": .string(name), "build": .string(build), "engine": .string(engine)])
    }
}

extension CheckResult {
    fileprivate var json: JSONValue {
        let (word, reason): (String, String?) =
            switch verdict {
            case .passed: ("pass", nil)
            case .failed(let reason): ("fail", reason)
            case .skipped(let reason): ("skip", reason)
            }
        return .object([
            "name": .string(name),
            "section": .string(section),
            "demand": .string(demand),
            "verdict": .string(word),
            "reason": reason.map(JSONValue.string) ?? .null,
            "milliseconds": .number(JSONNumber(milliseconds)),
        ])
    }
}
