import Harmony

/// Checks what the parser promises for every stream: it does not trap, events come in order, text
/// is whole UTF-8 and never a marker's, chunks make no difference, and strict parsing agrees up to
/// the first fault.
///
/// Here's how it works: ``TokenStream`` makes token ids of the input, so that single bytes are
/// markers and header words; every parser parses them, and the events are compared.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHarmonyParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let stream = unsafe TokenStream(input)
    let events = parse(stream, chunkSize: 1)
    precondition(parse(stream, chunkSize: 7) == events, "chunks make a difference")
    precondition(!events.showsMarker || stream.canSpellMarker, "a marker leaked")
    precondition(events.positions.allSatisfy { (0...stream.tokens.count).contains($0) })
    precondition(parseStrictly(stream) == events.untilRefused, "strict parsing disagrees")
    return 0
}

private func parse(_ stream: TokenStream, chunkSize: Int) -> EventLog {
    var parser = HarmonyParser(startingAs: stream.role, declaredTools: stream.declaredTools)
    var log = EventLog()
    var rest = stream.tokens[...]
    while !rest.isEmpty {
        parser.consume(contentsOf: rest.prefix(chunkSize), into: &log)
        rest = rest.dropFirst(chunkSize)
    }
    parser.finish(into: &log)
    log.finish()
    return log
}

private func parseStrictly(_ stream: TokenStream) -> EventLog {
    var parser = StrictHarmonyParser(
        startingAs: stream.role,
        declaredTools: stream.declaredTools
    )
    var log = EventLog()
    do throws(HarmonyError) {
        for token in stream.tokens { try parser.consume(token, into: &log) }
        try parser.finish(into: &log)
    } catch {}
    return log
}
