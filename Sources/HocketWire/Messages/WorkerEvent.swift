/// EVENT, worker to router: something worth telling that nobody asked for.
public struct WorkerEvent: Hashable, Sendable {
    /// What happened.
    public enum Body: Hashable, Sendable {
        /// A line for the log.
        case log(LogLine)
        /// Blocks came into the engine's prefix cache, or left it.
        case cache(CacheChange)
        /// Something that this version does not know.
        case unknown
    }

    /// A line for the log.
    public struct LogLine: Hashable, Sendable {
        /// How bad it is.
        public enum Severity: UInt32, Hashable, Sendable {
            /// The worker does not say.
            case unspecified = 0
            /// For developers.
            case debug = 1
            /// For the record.
            case info = 2
            /// Someone should look.
            case warning = 3
            /// Something failed.
            case error = 4
        }

        /// How bad it is.
        public var severity: Severity
        /// The line, without its end.
        ///
        /// Usually UTF-8; never trusted to be.
        public var text: [UInt8]

        /// Creates a line.
        public init(_ severity: Severity, _ text: [UInt8]) {
            self.severity = severity
            self.text = text
        }
    }

    /// Blocks of the engine's prefix cache, named by hashes that only this worker explains.
    public struct CacheChange: Hashable, Sendable {
        /// What happened to the blocks.
        public enum Kind: UInt32, Hashable, Sendable {
            /// The worker does not say, or says something that this version does not know.
            case unspecified = 0
            /// They came in.
            case stored = 1
            /// They left.
            case removed = 2
            /// All left.
            case cleared = 3
        }

        /// What happened to the blocks.
        public var kind: Kind
        /// Tokens in one block.
        public var blockTokens: Int
        /// The block before the first of these; zero when they begin a prompt.
        public var parentHash: UInt64
        /// The blocks, in prompt order.
        public var blockHashes: [UInt64]

        /// Creates a change.
        public init(
            _ kind: Kind,
            blockTokens: Int,
            parentHash: UInt64 = 0,
            blockHashes: [UInt64] = []
        ) {
            self.kind = kind
            self.blockTokens = blockTokens
            self.parentHash = parentHash
            self.blockHashes = blockHashes
        }
    }

    /// The worker's monotonic clock.
    public var monotonicNanoseconds: UInt64
    /// What happened.
    public var body: Body

    /// Creates an EVENT.
    public init(monotonicNanoseconds: UInt64, _ body: Body) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.body = body
    }
}
