import Glibc
import SystemPackage

/// Takes standard input line by line and writes what is made of it to standard output.
enum LinePipe {
    /// How much is read at a time.
    private static let readBytesMax = 65_536

    /// How much output is kept before it is written.
    private static let outputBytesMax = 65_536

    /// Runs until the input ends or nobody reads the output any more; both are success.
    ///
    /// A line may have any length. Output is written as soon as every line that has arrived is
    /// answered, so that a person or a program can wait for an answer before the next request.
    ///
    /// - Parameter answer: Takes a line without its end, and appends to the output.
    /// - Throws: `Errno` if the input cannot be read or the output cannot be written.
    static func run(_ answer: (ArraySlice<UInt8>, inout [UInt8]) throws -> Void) throws {
        ignoreBrokenPipes()
        do {
            try transform(answer)
        } catch Errno.brokenPipe {
            return
        }
    }

    /// Writes one text to standard output; that nobody reads it is success.
    static func write(_ text: [UInt8]) throws {
        ignoreBrokenPipes()
        do {
            try FileDescriptor.standardOutput.writeAll(text)
        } catch Errno.brokenPipe {
            return
        }
    }

    /// Makes writing to a pipe that nobody reads an error instead of the process's end.
    private static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    private static func transform(
        _ answer: (ArraySlice<UInt8>, inout [UInt8]) throws -> Void
    ) throws {
        var lines = LineSplitter()
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: readBytesMax)
        while true {
            let count = unsafe try chunk.withUnsafeMutableBytes {
                unsafe try FileDescriptor.standardInput.read(into: $0)
            }
            if count > 0 { lines.append(chunk[..<count]) } else { lines.end() }
            while let line = lines.next() {
                try answer(line, &output)
                if output.count > outputBytesMax { try flush(&output) }
            }
            try flush(&output)
            guard count > 0 else { return }
        }
    }

    private static func flush(_ output: inout [UInt8]) throws {
        try FileDescriptor.standardOutput.writeAll(output)
        output.removeAll(keepingCapacity: true)
    }
}
