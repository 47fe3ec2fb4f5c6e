import Glibc
import HocketTesting
import HocketWire
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import HocketTransport

/// How the socket of a listener comes, whom it lets in, and how it goes.
@Suite(.timeLimit(.minutes(1))) struct UnixListenerTests {
    @Test(arguments: [0o600, 0o660, 0o666] as [mode_t])
    func socketHasTheModeAskedFor(mode: mode_t) async throws {
        try await withListener(mode: mode) { folder in
            var status = stat()
            #expect(unsafe stat(folder.file("s"), &status) == 0)
            #expect(status.st_mode & 0o777 == mode)
            #expect(status.st_mode & S_IFMT == S_IFSOCK)
        }
    }

    @Test func socketIsGoneWhenTheListenerHasEnded() async throws {
        try await withFolder { folder in
            try await withListener(in: folder) { _ in
                #expect(folder.names.sorted() == ["s", "s.lock"])
            }
            #expect(folder.names == ["s.lock"])
        }
    }

    @Test func staleSocketIsReplaced() async throws {
        try await withFolder { folder in
            try leaveStaleSocket(at: folder.file("s"))
            try await withListener(in: folder) { folder in
                try await expectAnswer(at: folder.file("s"))
            }
        }
    }

    @Test func secondInstanceIsRefused() async throws {
        try await withListener { folder in
            let error = await #expect(throws: TransportError.self) {
                try await withListener(in: folder) { _ in }
            }
            #expect(error?.code == .alreadyListening)
            #expect(error?.message.contains("s.lock") == true)
            try await expectAnswer(at: folder.file("s"))
        }
    }

    @Test func socketOfAnotherProgramIsLeftAlone() async throws {
        // It listens, but knows nothing of our lock.
        try await withFolder { folder in
            try await withLoops(1) { group in
                let path = folder.file("s")
                let other = try await ServerBootstrap(group: group)
                    .bind(unixDomainSocketPath: path).get()
                let error = await #expect(throws: TransportError.self) {
                    try await withListener(in: folder) { _ in }
                }
                #expect(error?.code == .alreadyListening)
                try await expectAnswer(at: path)
                try await other.close()
            }
        }
    }

    @Test func fileThatIsNoSocketIsLeftAlone() async throws {
        try await withFolder { folder in
            let file = unsafe creat(folder.file("s"), 0o600)
            close(file)
            let error = await #expect(throws: TransportError.self) {
                try await withListener(in: folder) { _ in }
            }
            #expect(error?.code == .notASocket)
            #expect(folder.names.contains("s"))
        }
    }

    @Test func folderThatIsMissingIsNamed() async throws {
        let path = try SocketPath("/nonexistent/s")
        try await withLoops(1) { group in
            let error = await #expect(throws: TransportError.self) {
                try await listener(at: path, on: group).run()
            }
            #expect(error?.code == .systemCallFailed)
            #expect(error?.message.contains("/nonexistent/s") == true)
        }
    }

    @Test func socketThatTookOursPlaceIsNotRemoved() async throws {
        try await withFolder { folder in
            try await withListener(in: folder) { folder in
                unsafe unlink(folder.file("s"))
                try leaveStaleSocket(at: folder.file("s"))
            }
            #expect(folder.names.contains("s"))
        }
    }

    @Test func modeMaskOfTheProcessIsLeftAlone() async throws {
        // It is shared with every other thread, which may be making files or folders.
        let before = umask(0o022)
        umask(before)
        try await withListener { _ in
            let during = umask(before)
            #expect(during == before)
        }
    }

    @Test func peerWhoseUserIsNotOnTheListIsTurnedAwayUnread() async throws {
        var policy = PeerPolicy()
        policy.userIDs = [geteuid() + 1]
        let setUps = Counter()
        try await withListener(policy: policy, setUp: { setUps.increment() }) { folder in
            try await withLoops(1) { group in
                var peer = try await RawWorker(to: SocketPath(folder.file("s")), on: group)
                #expect(try await peer.receive() == nil)
            }
        }
        #expect(setUps.value == 0)
    }

    @Test func peerThatIsTurnedAwayIsToldWhyUnread() async throws {
        // It said nothing at all before; a worker took that for a router that ends, and dialled
        // for ever.
        var policy = PeerPolicy()
        policy.userIDs = [geteuid() + 1]
        try await TestRouter.run(peers: policy) { router in
            var peer = try await RawWorker(to: router)
            let status = try await peer.receiveConnectionError()
            #expect(status.code == .permissionDenied)
            #expect(!status.isRetryable)
            #expect(status.message.contains("user \(geteuid()) may not connect"))
            #expect(status.message.contains("--allow-uid"))
        }
    }

    @Test(arguments: [0o720, 0o702, 0o777] as [mode_t])
    func folderThatOthersWriteToIsNotTrusted(mode: mode_t) async throws {
        try await withFolder { folder in
            #expect(unsafe chmod(folder.path, mode) == 0)
            let error = await #expect(throws: TransportError.self) {
                try await withListener(in: folder) { _ in }
            }
            #expect(error?.code == .folderNotTrusted)
            #expect(error?.message.contains("lets others write") == true)
            #expect(error?.message.contains(folder.path) == true)
        }
    }

    @Test func folderWithTheStickyBitIsTrusted() async throws {
        try await withFolder { folder in
            #expect(unsafe chmod(folder.path, 0o1777) == 0)
            try await withListener(in: folder) { _ in }
        }
    }

    @Test func folderOfAnotherUserIsNotTrusted() async throws {
        try await withFolder { folder in
            // Only root can give a folder away.
            guard geteuid() == 0 else { return }
            #expect(unsafe chown(folder.path, 4711, 4711) == 0)
            let error = await #expect(throws: TransportError.self) {
                try await withListener(in: folder) { _ in }
            }
            #expect(error?.code == .folderNotTrusted)
            #expect(error?.message.contains("belongs to user 4711") == true)
        }
    }

    @Test(arguments: [SOCK_DGRAM.rawValue, SOCK_SEQPACKET.rawValue])
    func liveSocketOfAnotherTypeIsLeftAlone(number: UInt32) async throws {
        let type = __socket_type(rawValue: number)
        try await withFolder { folder in
            let path = try SocketPath(folder.file("s"))
            let other = try UnixSocket.make(type)
            defer { close(other) }
            #expect(UnixSocket.bind(other, to: path))
            if type == SOCK_SEQPACKET { #expect(listen(other, 1) == 0) }
            let error = await #expect(throws: TransportError.self) {
                try await withListener(in: folder) { _ in }
            }
            #expect(error?.code == .alreadyListening)
            #expect(folder.names.contains("s"))
        }
    }

    @Test func liveSocketWhoseQueueIsFullIsLeftAlone() async throws {
        // A probe that waits for its turn would wait for ever.
        try await withFolder { folder in
            let path = try SocketPath(folder.file("s"))
            let other = try UnixSocket.make()
            defer { close(other) }
            #expect(UnixSocket.bind(other, to: path))
            #expect(listen(other, 0) == 0)
            #expect(try UnixSocket.isAnswered(path))
            for _ in 0..<3 { #expect(try UnixSocket.isAnswered(path)) }
        }
    }

    @Test func policyAdmitsOwnUserAndTheOthersNamed() {
        let policy = PeerPolicy(others: [12_345])
        #expect(policy.admits(PeerCredentials(processID: 1, userID: geteuid())))
        #expect(policy.admits(PeerCredentials(processID: 1, userID: 12_345)))
        #expect(!policy.admits(PeerCredentials(processID: 1, userID: 54_321)))
    }

    @Test func listenerThatEndsClosesItsConnections() async throws {
        try await withFolder { folder in
            try await withLoops(1) { group in
                var peer: RawWorker?
                try await withListener(in: folder) { folder in
                    peer = try await RawWorker(to: SocketPath(folder.file("s")), on: group)
                }
                #expect(try await peer?.receive() == nil)
                #expect(peer?.channel.isActive == false)
            }
        }
    }

    @Test func gracefulShutdownEndsTheListener() async throws {
        try await withFolder { folder in
            try await withLoops(1) { group in
                let (ready, readiness) = AsyncStream.makeStream(of: Void.self)
                let path = try SocketPath(folder.file("s"))
                let service = listener(at: path, on: group, onListening: { readiness.finish() })
                let services = ServiceGroup(services: [service], logger: .quiet)
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await services.run() }
                    for await _ in ready {}
                    await services.triggerGracefulShutdown()
                    try await tasks.waitForAll()
                }
                #expect(folder.names == ["s.lock"])
            }
        }
    }
}

// MARK: - Helpers

extension UnixListenerTests {
    private func listener(
        at path: SocketPath,
        on group: any EventLoopGroup,
        mode: mode_t = 0o600,
        policy: PeerPolicy = PeerPolicy(),
        setUp: @escaping @Sendable () -> Void = {},
        onListening: @escaping @Sendable () -> Void = {}
    ) -> UnixListener {
        UnixListener(
            on: .path(path, mode: mode),
            policy: policy,
            group: group,
            logger: .quiet,
            onListening: onListening,
            setUp: { _, _ in setUp() }
        )
    }

    private func withListener<Result: Sendable>(
        in given: TemporaryFolder? = nil,
        mode: mode_t = 0o600,
        policy: PeerPolicy = PeerPolicy(),
        setUp: @escaping @Sendable () -> Void = {},
        _ body: (TemporaryFolder) async throws -> Result
    ) async throws -> Result {
        let folder = try given ?? TemporaryFolder()
        defer { if given == nil { folder.remove() } }
        let path = try SocketPath(folder.file("s"))
        return try await withLoops(1) { group in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                let (ready, readiness) = AsyncStream.makeStream(of: Void.self)
                let listener = listener(
                    at: path,
                    on: group,
                    mode: mode,
                    policy: policy,
                    setUp: setUp
                ) { readiness.finish() }
                tasks.addTask {
                    defer { readiness.finish() }
                    try await listener.run()
                }
                for await _ in ready {}
                let result = try await body(folder)
                tasks.cancelAll()
                try await tasks.waitForAll()
                return result
            }
        }
    }

    /// A socket file that nobody listens on, as a process that was killed leaves one.
    private func leaveStaleSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(UnixSocket.bind(descriptor, to: try SocketPath(path)))
        close(descriptor)
    }

    private func expectAnswer(at path: String) async throws {
        let path = try SocketPath(path)
        #expect(try UnixSocket.isAnswered(path))
    }
}

private final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .sequentiallyConsistent) }

    func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}
