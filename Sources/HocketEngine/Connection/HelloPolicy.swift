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
        guard hello.vocabulary == vocabulary else {
            return Status(
                .failedPrecondition,
                "the worker's vocabulary is \(hello.vocabulary.name) with "
                    + "\(hello.vocabulary.size) ids, the router's \(vocabulary.name) with "
                    + "\(vocabulary.size), or their control tokens differ"
            )
        }
        return refusal(ofName: hello.name) ?? refusal(ofModels: hello.models)
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

extension WorkerRegistration {
    /// The registration that a worker's HELLO asks for.
    public init(_ hello: Hello, receivedAt: NIODeadline) {
        let agreed = CapabilityAgreement(offered: hello.capabilities).agreed
        self.init(
            name: hello.name,
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
