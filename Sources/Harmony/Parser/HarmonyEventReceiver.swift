/// Receives what a ``HarmonyParser`` finds in a token stream.
///
/// For every message the calls are ``messageStarted(_:)``, any number of ``textReceived(_:)`` and
/// one ``messageEnded(_:)``; messages never nest. One token may cause several calls, and most
/// tokens of a message body cause exactly one. A repair is reported before the event it led to.
///
/// The parser is generic over its receiver, so the calls are direct and can be inlined: nothing is
/// allocated for a token of plain text.
public protocol HarmonyEventReceiver {
    /// A message has begun; its header is complete.
    mutating func messageStarted(_ header: HarmonyHeader)

    /// A piece of the current message's text has arrived.
    ///
    /// The bytes are never empty and always whole, valid UTF-8; all pieces of a message, one after
    /// the other, are its content. They are only valid during the call.
    mutating func textReceived(_ utf8: Span<UInt8>)

    /// The current message is over.
    mutating func messageEnded(_ end: HarmonyMessageEnd)

    /// The stream did not follow the format and was understood in the way the diagnostic states.
    mutating func repaired(_ diagnostic: HarmonyDiagnostic)
}
