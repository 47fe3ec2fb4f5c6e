import Harmony

/// Checks what is promised for every text: encoding and decoding are inverse to each other, text
/// never becomes a special token unasked, and pieces of text are put together, and searched, in the
/// same way however they are cut.
///
/// Here's how it works: the first byte of the input says where to cut and how long the stop string
/// is; the rest is the text, usually not valid UTF-8.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHarmonyText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let option = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    let text = String(decoding: bytes, as: UTF8.self)
    checkTokens(of: text)
    checkAssembly(of: bytes, into: text, pieceSize: Int(option % 7) + 1)
    checkSearch(in: text, pieceSize: Int(option % 5) + 1, stopSize: Int(option >> 4) + 1)
    return 0
}

/// What is encoded can be decoded, with and without special tokens.
private func checkTokens(of text: String) {
    let tokenizer = Tokenizer()
    let ordinary = tokenizer.encode(text)
    precondition(!ordinary.contains { SpecialToken(rawValue: $0) != nil }, "a special token")
    precondition(tokenizer.text(of: ordinary).utf8.elementsEqual(text.utf8), "text is not the same")
    let special = tokenizer.encode(text, allowing: SpecialToken.all)
    let decoded = try? tokenizer.decode(special)
    precondition(decoded?.elementsEqual(text.utf8) == true, "bytes are not the same")
}

/// Pieces of bytes become the same text as all of them.
private func checkAssembly(of bytes: [UInt8], into text: String, pieceSize: Int) {
    var assembler = UTF8Assembler()
    var assembled = ""
    for piece in pieces(of: bytes, size: pieceSize) {
        _ = assembler.append(piece.span) { assembled += String(decoding: $0) }
    }
    _ = assembler.finish { assembled += String(decoding: $0) }
    precondition(assembled.utf8.elementsEqual(text.utf8), "pieces make another text")
}

/// A stop string taken from the text is found where it first occurs.
private func checkSearch(in text: String, pieceSize: Int, stopSize: Int) {
    let scalars = Array(text.unicodeScalars)
    let stop = string(scalars.suffix(stopSize))
    var matcher = StopStringMatcher([stop])
    var released = Released()
    var match: String?
    for piece in pieces(of: scalars, size: pieceSize) where match == nil {
        match = matcher.append(string(piece[...]).utf8Span.span, into: &released)
    }
    precondition(match == nil ? stop.isEmpty : match == stop, "the stop string was not found")
    guard match != nil else { return }
    let expected = prefix(of: Array(text.utf8), before: Array(stop.utf8))
    precondition(released.bytes == expected, "found in the wrong place")
}

private func prefix(of bytes: [UInt8], before stop: [UInt8]) -> [UInt8] {
    for start in bytes.indices where bytes[start...].starts(with: stop) {
        return Array(bytes[..<start])
    }
    return bytes
}

private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
}

private func pieces<Element>(of elements: [Element], size: Int) -> [[Element]] {
    stride(from: 0, to: elements.count, by: size).map { start in
        Array(elements[start..<min(start + size, elements.count)])
    }
}

/// Collects released text.
private struct Released: HarmonyEventReceiver {
    var bytes: [UInt8] = []

    mutating func messageStarted(_ header: HarmonyHeader) {}
    mutating func textReceived(_ utf8: Span<UInt8>) {
        precondition(!utf8.isEmpty, "an empty piece")
        for index in utf8.indices { bytes.append(utf8[index]) }
    }
    mutating func messageEnded(_ end: HarmonyMessageEnd) {}
    mutating func repaired(_ diagnostic: HarmonyDiagnostic) {}
}
