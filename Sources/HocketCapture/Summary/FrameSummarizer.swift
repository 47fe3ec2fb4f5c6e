import Harmony
import HocketEngine
import HocketWire

/// Says in a few fields what a frame says.
///
/// It is here that content is withheld: unless content is shown, a summary holds counts, sizes,
/// codes and names, never a token of text or a sentence that someone wrote.
struct FrameSummarizer {
    private let showsContent: Bool
    private let messages: MessageDecoder
    private var reader: FrameReader

    init(showsContent: Bool, limits: WireLimits = WireLimits()) {
        self.showsContent = showsContent
        messages = MessageDecoder(limits: limits)
        reader = FrameReader(limits: limits)
    }

    /// The summary of a frame; of one that cannot be read, why.
    mutating func summary(of captured: CapturedFrame) -> JSONObject {
        do throws(WireError) {
            let frame = try reader.frame(captured)
            guard frame.header.type != .step else { return try stepSummary(frame) }
            return try messages.decode(frame).summary(of: captured.head, showsContent)
        } catch {
            // The error's sentence may quote what the frame holds.
            return ["unreadable": .string(showsContent ? "\(error)" : "\(error.code)")]
        }
    }

    private func stepSummary(_ frame: Frame) throws(WireError) -> JSONObject {
        var summary = JSONObject()
        try messages.withStep(frame) { (step) throws(WireError) in
            summary = step.summary(showsContent)
        }
        return summary
    }
}
