import HocketWire

/// Which records are printed, of all that come.
public struct RecordFilter: Hashable, Sendable {
    /// The type by which messages to and from tool servers are named among those of frames.
    static let toolMessageType = "MCP"

    /// Nil for all.
    private let frameTypes: Set<UInt8>?
    private let admitsToolMessages: Bool
    private let worker: String?
    private let server: String?

    /// Creates a filter.
    ///
    /// - Parameters:
    ///   - typeNames: names of frame types, or `MCP` for messages to and from tool servers, in
    ///     capitals or not; none for everything.
    ///   - worker: the name of the one worker whose frames are wanted; nil for all.
    ///   - server: the label of the one tool server whose messages are wanted; nil for all. Where
    ///     only a worker or only a server is named, the others are not wanted at all.
    /// - Throws: ``CaptureError`` with `frameTypeUnknown`.
    public init(
        typeNames: [String] = [],
        worker: String? = nil,
        server: String? = nil
    ) throws(CaptureError) {
        let isToolMessages = { (name: String) in name.uppercased() == Self.toolMessageType }
        var types: Set<UInt8> = []
        for name in typeNames where !isToolMessages(name) {
            types.insert(try FrameType(named: name).rawValue)
        }
        frameTypes = typeNames.isEmpty ? nil : types
        admitsToolMessages = typeNames.isEmpty || typeNames.contains(where: isToolMessages)
        self.worker = worker
        self.server = server
    }

    /// Whether a frame is wanted.
    public func admits(_ record: FrameRecord) -> Bool {
        guard frameTypes?.contains(record.head.typeNumber) ?? true else { return false }
        return worker.map { $0 == record.worker } ?? (server == nil)
    }

    /// Whether a message is wanted.
    public func admits(_ record: ToolMessageRecord) -> Bool {
        admitsToolMessages && server.map { $0 == record.server } ?? (worker == nil)
    }
}

extension FrameType {
    fileprivate init(named name: String) throws(CaptureError) {
        let capitals = name.uppercased()
        guard let type = Self.allCases.first(where: { $0.description == capitals }) else {
            let names = Self.allCases.map(\.description) + [RecordFilter.toolMessageType]
            throw CaptureError(
                code: .frameTypeUnknown,
                message: "there is no frame type '\(name)'; the types are "
                    + names.joined(separator: ", ")
            )
        }
        self = type
    }
}
