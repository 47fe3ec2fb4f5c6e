import HocketWire

/// Which frames are printed, of all that cross.
public struct FrameFilter: Hashable, Sendable {
    private let types: Set<UInt8>
    private let worker: String?

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - typeNames: names of frame types, in capitals or not; none for all types.
    ///   - worker: the name of the one worker whose frames are wanted; nil for all.
    /// - Throws: ``CaptureError`` with `frameTypeUnknown`.
    public init(typeNames: [String] = [], worker: String? = nil) throws(CaptureError) {
        var types: Set<UInt8> = []
        for name in typeNames { types.insert(try FrameType(named: name).rawValue) }
        self.types = types
        self.worker = worker
    }

    /// Whether a frame is wanted.
    public func admits(_ record: FrameRecord) -> Bool {
        guard types.isEmpty || types.contains(record.head.typeNumber) else { return false }
        return worker == nil || worker == record.worker
    }
}

extension FrameType {
    fileprivate init(named name: String) throws(CaptureError) {
        let capitals = name.uppercased()
        guard let type = Self.allCases.first(where: { $0.description == capitals }) else {
            let names = Self.allCases.map(\.description).joined(separator: ", ")
            throw CaptureError(
                code: .frameTypeUnknown,
                message: "there is no frame type '\(name)'; the types are \(names)"
            )
        }
        self = type
    }
}
