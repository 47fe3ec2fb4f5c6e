/// An item that the model has written, and that has perhaps not been told of.
struct WrittenItem: Hashable, Sendable {
    /// The item as it was open.
    let open: OpenItem
    /// The item as it is now.
    let whole: ResponseItem
    /// Its text.
    let text: String
    /// Its place in the output.
    let index: Int

    /// Whether it is a whole call that has to be made here.
    var isHeld: Bool {
        whole.hostedCallKind != nil && whole.status == .inProgress
    }
}
