import CHocketWire

extension Capabilities {
    /// A repeated field of capabilities.
    ///
    /// Those that have no bit here were never agreed on.
    init(field: UnsafeMutablePointer<Hocket__V1__Capability>?, count: Int) {
        self = unsafe UnsafeBufferPointer(start: field, count: count)
            .reduce(into: Capabilities()) { $0.formUnion(Capabilities(number: $1.rawValue)) }
    }

    /// The same, to pack.
    var field: [Hocket__V1__Capability] {
        numbers.map { Hocket__V1__Capability($0) }
    }
}
