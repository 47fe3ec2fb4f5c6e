public import HocketWire
public import NIOCore

/// Which workers the router lets in, and why it refuses the others.
///
/// A refusal comes before the first stream: a worker that means other tokens by the same ids
/// would otherwise be noticed as gibberish by a user.
public struct HelloPolicy: Sendable {
    /// The longest name of a worker: it stands in every line that is logged about it.
    public static let nameBytesMax = 256

    private let vocabulary: VocabularyIdentity

    /// Creates the policy of a router whose ids mean what `vocabulary` says.
    public init(vocabulary: VocabularyIdentity = .o200kHarmony) {
        self.vocabulary = vocabulary
    }

    /// Why a worker is refused; nil when nothing speaks against it.
    public func refusal(of hello: Hello) -> Status? {
        guard hello.role == .worker else {
            return Status(.invalidArgument, "the peer of a router is a worker")
        }
        guard hello.minorMin <= Preface.current.minor else {
            return Status(
                .unimplemented,
                "the worker needs minor version \(hello.minorMin) or newer, "
                    + "the router speaks up to \(Preface.current.minor)"
            )
        }
        return refusal(of: hello.vocabulary) ?? refusal(ofName: hello.name)
            ?? refusal(ofModels: hello.models)
    }

    private func refusal(of other: VocabularyIdentity) -> Status? {
        let differences = vocabulary.differences(from: other)
        guard !differences.isEmpty else { return nil }
        return Status(
            .failedPrecondition,
            "the worker's vocabulary is not the router's: "
                + differences.joined(separator: ", "),
            parameter: "vocabulary"
        )
    }

    private func refusal(ofName name: String) -> Status? {
        let count = name.utf8.count
        guard !(1...Self.nameBytesMax).contains(count) else { return nil }
        return Status(
            .invalidArgument,
            "a worker's name has 1 to \(Self.nameBytesMax) bytes, not \(count)",
            parameter: "name"
        )
    }

    private func refusal(ofModels models: [ModelInfo]) -> Status? {
        guard !models.isEmpty else {
            return Status(.invalidArgument, "the worker serves no model", parameter: "models")
        }
        guard !models.contains(where: { $0.id.isEmpty }) else {
            return Status(.invalidArgument, "a model has no id", parameter: "models")
        }
        guard let small = models.first(where: { $0.contextTokensMax < 2 }) else { return nil }
        return Status(
            .invalidArgument,
            "the model \(small.id) has a context of \(small.contextTokensMax) tokens, "
                + "too few for a prompt and an output",
            parameter: "models"
        )
    }
}

extension VocabularyIdentity {
    /// The fields in which another one differs, by the names that they have on the wire.
    fileprivate func differences(from other: VocabularyIdentity) -> [String] {
        fields.compactMap { name, value in
            let (own, others) = (value(self), value(other))
            return own == others ? nil : "\(name) is \(others) instead of \(own)"
        }
    }

    private var fields: [(name: String, value: (VocabularyIdentity) -> String)] {
        [
            ("name", { $0.name }), ("size", { "\($0.size)" }),
            ("start_of_text_id", { "\($0.startOfText)" }),
            ("end_of_text_id", { "\($0.endOfText)" }), ("return_id", { "\($0.return)" }),
            ("constrain_id", { "\($0.constrain)" }), ("channel_id", { "\($0.channel)" }),
            ("start_id", { "\($0.start)" }), ("end_id", { "\($0.end)" }),
            ("message_id", { "\($0.message)" }), ("call_id", { "\($0.call)" }),
        ]
    }
}

extension WorkerRegistration {
    /// The registration that a worker's HELLO asks for.
    public init(_ hello: Hello, receivedAt: NIODeadline) {
        let agreed = CapabilityAgreement(offered: hello.capabilities).agreed
        self.init(
            name: hello.name,
            instanceID: hello.instanceID,
            generation: hello.generation,
            models: hello.models.map {
                ModelDescription(
                    name: $0.id,
                    contextTokensMax: $0.contextTokensMax,
                    capabilities: agreed
                )
            },
            streamsMax: max(1, hello.limits.streamsMax),
            capabilities: agreed,
            receivedAt: receivedAt
        )
    }
}
