import Harmony
import HocketEngine

/// Adds up the tokens of one stream.
final class CountingSink: TokenSink {
    private(set) var sum: UInt64 = 0
    private var control: (any GenerationControl)?

    func generationStarted(_ control: any GenerationControl) { self.control = control }

    func tokensReceived(_ tokens: Span<TokenID>) {
        for index in tokens.indices { sum &+= UInt64(tokens[index]) }
    }

    func readCompleted() -> TokenDemand { .more }
}
