import HocketTransport
import HocketWire
import NIOCore

/// One run of cases against one worker.
struct CheckSession {
    private let options: CheckOptions
    private let identity: ProcessIdentity
    private let source: any WorkerSource
    /// Why there is no worker to check any more.
    private var absence: String?
    /// The case that has sent the worker away for good; its supervisor may start it again.
    private var sentAwayBy: String?
    private var violations: [CheckRule: String] = [:]
    private(set) var report = CheckReport()

    init(options: CheckOptions, identity: ProcessIdentity, source: any WorkerSource) {
        self.options = options
        self.identity = identity
        self.source = source
    }

    /// Runs a case.
    mutating func run(_ checkCase: CheckCase) async -> CheckResult {
        let begin = NIODeadline.now()
        let verdict = await judge(checkCase)
        let result = CheckResult(
            name: checkCase.name,
            section: checkCase.section,
            demand: checkCase.demand,
            verdict: verdict,
            milliseconds: Int((NIODeadline.now() - begin).milliseconds)
        )
        report.results.append(result)
        return result
    }

    /// Judges the rules that were watched in all cases.
    mutating func rules() -> [CheckResult] {
        let results = CheckRule.allCases.map { rule in
            CheckResult(
                name: rule.rawValue,
                section: rule.section,
                demand: rule.demand,
                verdict: violations[rule].map(CheckResult.Verdict.failed)
                    ?? (report.subject == nil ? .skipped("no worker was met") : .passed),
                milliseconds: 0
            )
        }
        report.results += results
        return results
    }

    private mutating func judge(_ checkCase: CheckCase) async -> CheckResult.Verdict {
        if let absence { return .skipped(absence) }
        let isFirst = report.subject == nil
        let arrivalSecondsMax = isFirst ? options.arrivalSecondsMax : options.returnSecondsMax
        let bench = CaseBench(
            options: options,
            identity: identity,
            source: source,
            deadline: .now() + .seconds(checkCase.secondsMax + Int64(arrivalSecondsMax)),
            arrivalSecondsMax: arrivalSecondsMax
        )
        var verdict = await verdict(of: checkCase, on: bench)
        await bench.clear()
        if let hello = bench.met.last?.ledger.hello { report.subject = .init(hello) }
        let broken = bench.met.flatMap(\.ledger.violations)
        for violation in broken where violations[violation.rule] == nil {
            violations[violation.rule] = "in \(checkCase.name): \(violation.message)"
        }
        if let first = broken.first, case .failed = verdict, absence == nil {
            verdict = .skipped("the rule \(first.rule.rawValue) was broken: \(first.message)")
        }
        return verdict
    }

    private mutating func verdict(
        of checkCase: CheckCase,
        on bench: CaseBench
    ) async -> CheckResult.Verdict {
        do {
            try await checkCase.body(bench)
            if checkCase.sendsAway, source.isDialled { sentAwayBy = checkCase.name }
            return .passed
        } catch CaseEnd.failed(let reason) {
            return .failed(reason)
        } catch CaseEnd.skipped(let reason) {
            return .skipped(reason)
        } catch CaseEnd.absent(let reason) {
            guard let sentAwayBy else {
                absence = "there is no worker: \(reason)"
                return .failed(reason)
            }
            let words = "the worker left after \(sentAwayBy), as it should; run this case alone"
            absence = words
            return .skipped(words)
        } catch {
            return .failed("\(error)")
        }
    }
}
