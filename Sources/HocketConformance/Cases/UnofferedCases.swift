import HocketWire

extension CheckCase {
    /// What a worker did not offer in HELLO, and must refuse rather than ignore.
    static let unoffered: [CheckCase] = fields + constraints + [unknownConstraint]

    /// A change of a SUBMIT that asks for more.
    private typealias Wish = @Sendable (inout Submit) -> Void

    private static let fields: [CheckCase] = [
        unoffered("logprobs", .logprobs, [{ $0.sampling.logprobs = true }]),
        unoffered("top-logprobs", .topLogprobs, [{ $0.sampling.topLogprobs = 2 }]),
        unoffered("seed", .seed, [{ $0.sampling.seed = 7 }]),
        unoffered(
            "penalties",
            .penalties,
            [
                { $0.sampling.frequencyPenalty = 0.5 }, { $0.sampling.presencePenalty = 0.5 },
                { $0.sampling.repetitionPenalty = 1.5 },
            ]
        ),
        unoffered(
            "logit-bias",
            .logitBias,
            [{ $0.sampling.logitBias = [LogitBias(tokenID: 557, bias: 1)] }]
        ),
        unoffered("priority", .priority, [{ $0.priority = 1 }]),
        unoffered("cache-salt", .cacheSalt, [{ $0.cacheSalt = [1, 2, 3] }]),
    ]

    private static let constraints: [CheckCase] = [
        constraint("json-schema", .constraintJSONSchema, .jsonSchema(Array("{}".utf8))),
        constraint("json-object", .constraintJSONObject, .jsonObject),
        constraint("regex", .constraintRegex, .regex(Array("a+".utf8))),
        constraint("grammar", .constraintGrammar, .grammar(Array("root ::= \"a\"".utf8))),
        constraint("structural-tag", .constraintStructuralTag, .structuralTag(Array("{}".utf8))),
        constraint("choice", .constraintChoice, .choice([Array("a".utf8)])),
    ]

    private static func constraint(
        _ name: String,
        _ capability: Capabilities,
        _ kind: Constraint.Kind
    ) -> CheckCase {
        unoffered(name, capability, [{ $0.constraint = Constraint(kind, start: .firstToken) }])
    }

    private static func unoffered(
        _ name: String,
        _ capability: Capabilities,
        _ wishes: [Wish]
    ) -> CheckCase {
        let demand = "\(name), which the worker did not offer, is refused as UNIMPLEMENTED"
        return CheckCase("unoffered-\(name)", "HELLO", demand) { bench in
            let worker = try await bench.admit()
            guard worker.ledger.hello?.capabilities.isDisjoint(with: capability) == true else {
                throw CaseEnd.skipped("the worker offers it")
            }
            for wish in wishes {
                var request = worker.request()
                wish(&request)
                let refusal = try await worker.refusal(of: try worker.submit(request))
                try expect(refusal, .unimplemented)
                try require(!refusal.parameter.isEmpty, "STREAM_ERROR names no parameter")
            }
            try await worker.showLife()
        }
    }

    private static let unknownConstraint = CheckCase(
        "unknown-constraint",
        "Versions and compatibility",
        "a kind of constraint that only a later version knows is refused as UNIMPLEMENTED"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.nextStream()
        let submit = worker.request()
        // `constraint` with a field 15 of one byte in it.
        let bytes = try worker.encode(.submit(submit), on: stream) {
            $0.add(field: [0x32, 3, 0x7A, 1, 0x61])
        }
        worker.send(bytes)
        try expect(try await worker.refusal(of: stream), .unimplemented)
        try await worker.showLife()
    }
}
