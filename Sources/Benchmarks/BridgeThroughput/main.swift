// What a token costs between a worker's socket and its sink in the router, beside the least it can
// cost: `BridgeThroughput FOLDER`, where FOLDER takes the socket. See Deploy/bench/bridge.sh.

import HocketTransport

guard CommandLine.arguments.count == 2 else {
    print("usage: BridgeThroughput FOLDER")
    throw FeedError.closed
}

/// How many tokens each measurement carries.
let tokens = 16_000_000

func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let rounded = (value * scale).rounded() / scale
    return "\(rounded)"
}

func row(_ cells: [String]) {
    print(cells.map { String(repeating: " ", count: max(0, 12 - $0.count)) + $0 }.joined())
}

row(["rows", "tokens/s", "ns/token", "us/frame", "floor ns", "floor us", "ratio", "allocs/frame"])
for rows in [1, 8, 64, 256] {
    let blocks = min(40_000, tokens / rows) / Frames.frameCountPerBlock
    let floor = try await FloorRun(rows: rows, blocks: blocks).measure()
    let folder = CommandLine.arguments[1]
    let bridge = try await BridgeRun(rows: rows, blocks: blocks, folder: folder).measure()
    row([
        "\(rows)",
        "\(Int(bridge.tokensPerSecond))",
        fixed(bridge.nanosecondsPerToken, 2),
        fixed(bridge.microsecondsPerFrame, 2),
        fixed(floor.nanosecondsPerToken, 2),
        fixed(floor.microsecondsPerFrame, 2),
        fixed(bridge.nanosecondsPerToken / floor.nanosecondsPerToken, 2),
        bridge.allocationsPerFrame.map { fixed($0, 3) } ?? "-",
    ])
}
