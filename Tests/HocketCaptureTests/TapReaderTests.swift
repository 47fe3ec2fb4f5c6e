import Foundation
import HocketEngine
import HocketWire
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import HocketCapture

/// The tap and its reader over a real socket.
struct TapReaderTests {
    @Test(.timeLimit(.minutes(1)))
    func printsWhatCrossesUntilTheRouterEnds() async throws {
        let output = Output()
        try await withRouter { router in
            async let reading: Void = router.reader(output).run()
            try await router.watched()
            router.tap.show(try Crossing(.toWorker, .cancel(Cancel(.clientGone)), on: 15))
            try await output.waitForText("CANCEL")
            try await router.end()
            try await reading
        }
        let line = "12:00:01.402001 w0       ← CANCEL       s=15         18 B  reason=clientGone\n"
        #expect(output.text == line)
        #expect(output.opening?.build == "hocket test")
    }

    @Test(.timeLimit(.minutes(1)))
    func accountsForEveryFrameThatManyThreadsShowAtOnce() async throws {
        let step = try Crossing(step: [(1, [5])])
        let tally = Tally()
        try await withRouter { router in
            async let reading: Void = router.reader { tally.add($0) }.run()
            try await router.watched()
            await withTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask { for _ in 0..<5000 { router.tap.show(step) } }
                }
            }
            try await tally.wait(for: 20_000)
            try await router.end()
            try await reading
        }
        #expect(tally.frames == 20_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func endsWhenNobodyReadsWhatItPrints() async throws {
        try await withRouter { router in
            let reader = router.reader { _ throws(CaptureError) in
                throw CaptureError(code: .outputClosed, message: "closed")
            }
            async let reading: Void = reader.run()
            try await router.watched()
            router.tap.show(try Crossing(.toWorker, .cancel(Cancel(.clientGone)), on: 15))
            try await reading
            try await router.unwatched()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func endsWhenItIsToldTo() async throws {
        try await withRouter { router in
            let service = ServiceGroup(
                configuration: .init(
                    services: [.init(service: router.reader(Output()))],
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
            )
            async let running: Void = service.run()
            try await router.watched()
            await service.triggerGracefulShutdown()
            try await running
            try await router.unwatched()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func saysWhereNoRouterIs() async throws {
        let reader = TapReader(
            path: "/nonexistent/inspect.sock",
            group: MultiThreadedEventLoopGroup.singleton,
            printer: RecordPrinter(.json, filter: try RecordFilter()),
            output: { _ in }
        )
        let error = await #expect(throws: CaptureError.self) { try await reader.run() }
        #expect(error?.code == .cannotConnect)
        let message = "no router shows its traffic on /nonexistent/inspect.sock: "
        #expect(error?.message == message + "No such file or directory")
    }

    @Test(.timeLimit(.minutes(1)))
    func saysThatItWasTurnedAway() async throws {
        var limits = TapLimits()
        limits.subscribersMax = 0
        try await withRouter(limits: limits) { router in
            let error = await #expect(throws: CaptureError.self) {
                try await router.reader(Output()).run()
            }
            #expect(error?.code == .truncated)
            #expect(error?.message.contains("without a word") == true)
        }
    }
}

/// What was printed.
private final class Output: Sendable {
    private let state = Mutex((text: "", opening: InspectionOpening?.none))

    var text: String { state.withLock { $0.text } }
    var opening: InspectionOpening? { state.withLock { $0.opening } }

    func append(_ bytes: ByteBuffer) { state.withLock { $0.text += String(buffer: bytes) } }
    func attached(_ opening: InspectionOpening) { state.withLock { $0.opening = opening } }

    func waitForText(_ part: String) async throws {
        while !text.contains(part) { try await Task.sleep(for: .milliseconds(1)) }
    }
}

/// How many frames the printed lines account for, those that were dropped among them.
private final class Tally: Sendable {
    private let count = Mutex(0)

    var frames: Int { count.withLock { $0 } }

    func add(_ lines: ByteBuffer) {
        for line in String(buffer: lines).split(separator: "\n") {
            let words = line.split(separator: " ")
            let frames = words.first == "---" ? Int(words[2]) ?? 0 : 1
            count.withLock { $0 += frames }
        }
    }

    func wait(for total: Int) async throws {
        while frames < total { try await Task.sleep(for: .milliseconds(1)) }
    }
}

/// A tap behind a socket.
private struct Router: Sendable {
    let tap: LiveTap
    let path: String
    let server: any Channel
    let connections: Connections
    let filter: RecordFilter

    func reader(_ output: Output) -> TapReader {
        reader(onAttached: { output.attached($0) }) { output.append($0) }
    }

    func reader(
        onAttached: @escaping @Sendable (InspectionOpening) -> Void = { _ in },
        _ output: @escaping @Sendable (ByteBuffer) throws(CaptureError) -> Void
    ) -> TapReader {
        TapReader(
            path: path,
            group: MultiThreadedEventLoopGroup.singleton,
            printer: RecordPrinter(.columns(isColored: false), filter: filter),
            output: output,
            onAttached: onAttached
        )
    }

    func watched() async throws {
        while !tap.isActive { try await Task.sleep(for: .milliseconds(1)) }
    }

    func unwatched() async throws {
        while tap.isActive { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Closes every connection.
    func end() async throws {
        for connection in connections.all.withLock({ $0 }) { try? await connection.close() }
    }
}

private final class Connections: Sendable {
    let all = Mutex<[any Channel]>([])
}

private func withRouter(
    limits: TapLimits = TapLimits(),
    _ body: (Router) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "i.sock").path
    let tap = LiveTap.forTest(limits: limits)
    let connections = Connections()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try tap.attach(to: channel)
                connections.all.withLock { $0.append(channel) }
            }
        }
        .bind(unixDomainSocketPath: path)
        .get()
    let router = Router(
        tap: tap,
        path: path,
        server: server,
        connections: connections,
        filter: try RecordFilter()
    )
    try await body(router)
    try await router.end()
    try await server.close()
}
