import CHocketWire

/// A message, or part of one, with a twin among the structures that protoc-c generates.
protocol RecordConvertible {
    /// The generated structure.
    associatedtype Record

    /// Copies a structure that was unpacked.
    ///
    /// - Throws: `messageInvalid` when a field cannot be what it should.
    init(_ record: Record) throws(WireError)

    /// A structure to pack.
    ///
    /// What it points to is in the arena.
    func record(in arena: MessageArena) throws(WireError) -> Record
}

extension String {
    /// A string field.
    ///
    /// - Throws: `messageInvalid` when it is not UTF-8: protobuf-c does not look.
    init(field: UnsafeMutablePointer<CChar>?) throws(WireError) {
        guard let field = unsafe field else {
            self = ""
            return
        }
        guard let text = unsafe String(validatingCString: field) else {
            throw WireError(.messageInvalid, "a string field is not UTF-8")
        }
        self = text
    }
}

extension Array where Element: BitwiseCopyable {
    /// A repeated field of scalars.
    init(field: UnsafeMutablePointer<Element>?, count: Int) {
        self = unsafe Array(UnsafeBufferPointer(start: field, count: count))
    }
}

extension [UInt8] {
    /// A bytes field.
    init(field: ProtobufCBinaryData) {
        unsafe self.init(field: field.data, count: field.len)
    }
}

extension UInt128 {
    /// A bytes field that names something.
    ///
    /// - Throws: `messageInvalid` when it is not sixteen bytes long.
    init(field: ProtobufCBinaryData, name: String) throws(WireError) {
        let bytes = unsafe [UInt8](field: field)
        guard bytes.count == 16 else {
            throw WireError(.messageInvalid, "\(name) has \(bytes.count) bytes instead of 16")
        }
        self = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The sixteen bytes, the most significant first.
    var bytes: [UInt8] {
        stride(from: 120, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}

extension Optional where Wrapped: FixedWidthInteger {
    /// A field whose zero means absent.
    init(nonzero value: Wrapped) {
        self = value == 0 ? nil : value
    }
}

extension Float? {
    /// A field whose zero means absent.
    init(nonzero value: Float) {
        self = value == 0 ? nil : value
    }
}
