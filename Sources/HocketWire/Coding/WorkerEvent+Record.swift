import CHocketWire

extension WorkerEvent: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Event) throws(WireError) {
        let body: Body =
            switch unsafe record.body_case {
            case HOCKET__V1__EVENT__BODY_LOG:
                .log(unsafe LogLine(record.log?.pointee ?? Hocket__V1__LogLine()))
            case HOCKET__V1__EVENT__BODY_CACHE:
                .cache(unsafe CacheChange(record.cache?.pointee ?? Hocket__V1__CacheChange()))
            default:
                .unknown
            }
        self.init(monotonicNanoseconds: unsafe record.mono_ns, body)
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Event {
        var record = unsafe Hocket__V1__Event()
        unsafe hocket__v1__event__init(&record)
        unsafe record.mono_ns = monotonicNanoseconds
        switch body {
        case .log(let line):
            unsafe record.body_case = HOCKET__V1__EVENT__BODY_LOG
            unsafe record.log = try arena.store(line.record(in: arena))
        case .cache(let change):
            unsafe record.body_case = HOCKET__V1__EVENT__BODY_CACHE
            unsafe record.cache = try arena.store(change.record(in: arena))
        case .unknown:
            break
        }
        return unsafe record
    }
}

extension WorkerEvent.LogLine: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__LogLine) {
        self.init(
            unsafe Severity(rawValue: record.severity.rawValue) ?? .unspecified,
            unsafe [UInt8](field: record.text)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__LogLine {
        var record = unsafe Hocket__V1__LogLine()
        unsafe hocket__v1__log_line__init(&record)
        unsafe record.severity = Hocket__V1__Severity(severity.rawValue)
        unsafe record.text = try arena.copy(text)
        return unsafe record
    }
}

extension WorkerEvent.CacheChange: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__CacheChange) {
        self.init(
            unsafe Kind(rawValue: record.kind.rawValue) ?? .unspecified,
            blockTokens: Int(unsafe record.block_tokens),
            parentHash: unsafe record.parent_hash,
            blockHashes: unsafe Array(field: record.block_hashes, count: record.n_block_hashes)
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__CacheChange {
        var record = unsafe Hocket__V1__CacheChange()
        unsafe hocket__v1__cache_change__init(&record)
        unsafe record.kind = Hocket__V1__CacheChangeKind(kind.rawValue)
        unsafe record.block_tokens = UInt32(clamping: blockTokens)
        unsafe record.parent_hash = parentHash
        unsafe record.n_block_hashes = blockHashes.count
        unsafe record.block_hashes = try arena.copy(blockHashes)
        return unsafe record
    }
}
