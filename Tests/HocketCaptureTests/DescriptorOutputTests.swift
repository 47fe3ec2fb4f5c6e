import Foundation
import NIOCore
import Synchronization
import Testing

@testable import HocketCapture

struct DescriptorOutputTests {
    @Test(arguments: [0, O_NONBLOCK])
    func writesMoreThanAPipeHolds(flags: Int32) throws {
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        #expect(fcntl(writing.fileDescriptor, F_SETFL, flags) == 0)
        let drain = Drain(pipe.fileHandleForReading)
        let bytes = ByteBuffer(repeating: 7, count: 1_000_000)
        try DescriptorOutput(descriptor: writing.fileDescriptor).write(bytes)
        try writing.close()
        #expect(drain.byteCount == bytes.readableBytes)
    }

    @Test func tellsAReaderThatWentAwayFromAFailure() throws {
        DescriptorOutput.ignoreBrokenPipes()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let writing = pipe.fileHandleForWriting
        #expect(error(writingTo: writing.fileDescriptor) == .outputClosed)
        try writing.close()
        #expect(error(writingTo: -1) == .outputFailed)
    }

    private func error(writingTo descriptor: Int32) -> CaptureError.Code? {
        do throws(CaptureError) {
            try DescriptorOutput(descriptor: descriptor).write(ByteBuffer(string: "x"))
            return nil
        } catch {
            return error.code
        }
    }
}

/// Reads a pipe to its end on a thread of its own, since the test's may wait to write.
private final class Drain: Sendable {
    private let count = Mutex(0)
    private let isDone = DispatchSemaphore(value: 0)

    init(_ reading: FileHandle) {
        Thread.detachNewThread {
            let data = try? reading.readToEnd()
            self.count.withLock { $0 = data?.count ?? 0 }
            self.isDone.signal()
        }
    }

    /// How many bytes came, once the pipe has ended.
    var byteCount: Int {
        isDone.wait()
        return count.withLock { $0 }
    }
}
