import Harmony
import Testing

/// What holds for every stream whatever, tried on streams made from seeds.
///
/// A failure names its seed, which replays it.
@Suite struct ParserFuzzTests {
    @Test(arguments: 0..<8)
    func holdsItsPromisesOnEveryStream(batch: UInt64) {
        for seed in batch * 500..<(batch + 1) * 500 {
            var generator = SplitMix64(seed: seed)
            let stream = Self.stream(using: &generator)
            let role: Role? = Bool.random(using: &generator) ? .assistant : nil
            check(stream, startingAs: role, comment: "seed \(seed)")
        }
    }

    @Test func holdsItsPromisesOnTheCorpus() {
        for test in ParserCase.all {
            check(test.tokens, startingAs: test.role, comment: "\(test.id)")
        }
    }

    private func check(_ stream: [TokenID], startingAs role: Role?, comment: Comment) {
        let transcript = parse(stream, startingAs: role)
        #expect(transcript.breaksOrder == nil, comment)
        #expect(Self.outOfRange(transcript, count: stream.count).isEmpty, comment)
        #expect(!transcript.shown.contains { $0.contains("<|") } || canSpellMarker(stream), comment)
        #expect(Self.lostMarks(of: stream, in: transcript).isEmpty, comment)
        #expect(chunked(stream, startingAs: role) == transcript, comment)
        #expect(strictly(stream, startingAs: role) == transcript.untilRefused, comment)
    }

    // MARK: Streams

    /// Ordinary tokens that tests can find again, whatever becomes of them.
    private static let marks = tokens("中é") + tokens("😀")

    private static let vocabulary: [TokenID] =
        marks + ["assistant", "analysis", "commentary", "final", "🧭🧑🏽‍🚀\n "].flatMap(tokens)
        + tokens("user tool functions.x{\"a\":1} to= json code") + [201_088, 201_089, .max]

    private static let specials = tokens(
        "<|start|><|channel|><|message|><|constrain|><|end|><|return|><|call|><|endoftext|>"
    )

    /// A well-formed conversation with some tokens inserted, removed, repeated and exchanged.
    private static func stream(using generator: inout SplitMix64) -> [TokenID] {
        var stream = tokens(
            """
            <|channel|>analysis<|message|>中😀<|end|><|start|>assistant<|channel|>commentary \
            to=functions.x <|constrain|>json<|message|>{"a":1}<|call|><|start|>functions.x \
            to=assistant<|channel|>commentary<|message|>é<|end|><|start|>assistant<|channel|>final\
            <|message|>😀中<|return|>
            """
        )
        stream.removeFirst(Int.random(in: 0..<stream.count, using: &generator))
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            mutate(&stream, using: &generator)
        }
        return stream
    }

    private static func mutate(_ stream: inout [TokenID], using generator: inout SplitMix64) {
        let place = Int.random(in: 0...stream.count, using: &generator)
        let pool = Bool.random(using: &generator) ? specials : vocabulary
        let token = pool[Int.random(in: 0..<pool.count, using: &generator)]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0 where place < stream.count: stream.remove(at: place)
        case 1 where place < stream.count: stream[place] = token
        case 2 where place < stream.count: stream.insert(stream[place], at: place)
        default: stream.insert(token, at: place)
        }
    }

    // MARK: Promises

    private func parse(_ stream: [TokenID], startingAs role: Role?) -> Transcript {
        var parser = HarmonyParser(startingAs: role)
        var transcript = Transcript()
        for token in stream { parser.consume(token, into: &transcript) }
        parser.finish(into: &transcript)
        return transcript
    }

    private func chunked(_ stream: [TokenID], startingAs role: Role?) -> Transcript {
        var parser = HarmonyParser(startingAs: role)
        var transcript = Transcript()
        var rest = stream[...]
        while !rest.isEmpty {
            parser.consume(contentsOf: rest.prefix(7), into: &transcript)
            rest = rest.dropFirst(7)
        }
        parser.finish(into: &transcript)
        return transcript
    }

    private func strictly(_ stream: [TokenID], startingAs role: Role?) -> [Transcript.Event] {
        var parser = StrictHarmonyParser(startingAs: role)
        var transcript = Transcript()
        do throws(HarmonyError) {
            for token in stream { try parser.consume(token, into: &transcript) }
            try parser.finish(into: &transcript)
        } catch {}
        return transcript.events
    }

    /// Whether ordinary tokens of a stream hold what a marker could be spelled with.
    private func canSpellMarker(_ stream: [TokenID]) -> Bool {
        let ordinary = stream.filter { SpecialToken(rawValue: $0) == nil }
        return Tokenizer().text(of: ordinary).utf8.contains(UInt8(ascii: "|"))
    }

    /// Diagnostics that point outside the stream.
    private static func outOfRange(_ transcript: Transcript, count: Int) -> [HarmonyDiagnostic] {
        transcript.events.compactMap { event in
            guard case .repaired(let diagnostic) = event else { return nil }
            return (0...count).contains(diagnostic.position) ? nil : diagnostic
        }
    }

    /// Marks of the stream that are in no text, no header and no diagnostic.
    private static func lostMarks(of stream: [TokenID], in transcript: Transcript) -> [TokenID] {
        let all = transcript.shown.joined() + transcript.details.joined()
        return marks.filter { mark in
            let text = Tokenizer().text(of: CollectionOfOne(mark))
            guard let scalar = text.unicodeScalars.first else { return true }
            let expected = stream.count { $0 == mark }
            return all.unicodeScalars.count { $0 == scalar } < expected
        }
    }
}

extension Transcript {
    /// Every text that may be shown to somebody: contents, names, recipients, types, channels.
    fileprivate var shown: [String] {
        events.flatMap { event -> [String] in
            switch event {
            case .started(let header):
                let type = header.contentType.map { String($0.name) }
                let names = [header.name, header.recipient?.rawValue, header.channel?.rawValue]
                return (names + [type]).compactMap { $0 }
            case .text(let text): return [text]
            case .ended, .repaired: return []
            }
        }
    }

    fileprivate var details: [String] {
        events.compactMap { event in
            if case .repaired(let diagnostic) = event { diagnostic.detail } else { nil }
        }
    }

    /// The first event that is out of order, or a text that is empty.
    fileprivate var breaksOrder: Event? {
        var isOpen = false
        for event in events {
            switch event {
            case .started where !isOpen: isOpen = true
            case .text(let text) where isOpen && !text.isEmpty: break
            case .ended where isOpen: isOpen = false
            case .repaired: break
            default: return event
            }
        }
        return nil
    }

    /// The events before the first repair that strict parsing refuses.
    fileprivate var untilRefused: [Event] {
        let refused = events.firstIndex { event in
            guard case .repaired(let diagnostic) = event else { return false }
            return diagnostic.kind.breaksFormat
        }
        return Array(events[..<(refused ?? events.count)])
    }
}
