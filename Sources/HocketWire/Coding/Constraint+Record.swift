import CHocketWire

extension Constraint: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Constraint) {
        self.init(
            unsafe Kind(record),
            start: unsafe Start(rawValue: record.start.rawValue) ?? .finalChannel
        )
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Constraint {
        var record = unsafe Hocket__V1__Constraint()
        unsafe hocket__v1__constraint__init(&record)
        unsafe try kind.fill(&record, in: arena)
        unsafe record.start = Hocket__V1__ConstraintStart(start.rawValue)
        return unsafe record
    }
}

extension Constraint.Kind {
    fileprivate init(_ record: Hocket__V1__Constraint) {
        switch unsafe record.kind_case {
        case HOCKET__V1__CONSTRAINT__KIND_JSON_SCHEMA:
            self = .jsonSchema(unsafe [UInt8](field: record.json_schema))
        case HOCKET__V1__CONSTRAINT__KIND_JSON_OBJECT:
            self = .jsonObject
        case HOCKET__V1__CONSTRAINT__KIND_REGEX:
            self = .regex(unsafe [UInt8](field: record.regex))
        case HOCKET__V1__CONSTRAINT__KIND_GRAMMAR:
            self = .grammar(unsafe [UInt8](field: record.grammar))
        case HOCKET__V1__CONSTRAINT__KIND_STRUCTURAL_TAG:
            self = .structuralTag(unsafe [UInt8](field: record.structural_tag))
        case HOCKET__V1__CONSTRAINT__KIND_CHOICE:
            let choice = unsafe record.choice?.pointee ?? Hocket__V1__Choice()
            let options = unsafe UnsafeBufferPointer(start: choice.options, count: choice.n_options)
            self = .choice(unsafe options.map { unsafe [UInt8](field: $0) })
        default:
            self = .unknown
        }
    }

    fileprivate func fill(
        _ record: inout Hocket__V1__Constraint,
        in arena: MessageArena
    ) throws(WireError) {
        switch self {
        case .jsonSchema(let schema):
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND_JSON_SCHEMA
            unsafe record.json_schema = try arena.copy(schema)
        case .jsonObject:
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND_JSON_OBJECT
            unsafe record.json_object = 1
        case .regex(let regex):
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND_REGEX
            unsafe record.regex = try arena.copy(regex)
        case .grammar(let grammar):
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND_GRAMMAR
            unsafe record.grammar = try arena.copy(grammar)
        case .structuralTag(let tag):
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND_STRUCTURAL_TAG
            unsafe record.structural_tag = try arena.copy(tag)
        case .choice(let options):
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND_CHOICE
            unsafe record.choice = try arena.store(Self.choiceRecord(options, in: arena))
        case .unknown:
            unsafe record.kind_case = HOCKET__V1__CONSTRAINT__KIND__NOT_SET
        }
    }

    private static func choiceRecord(
        _ options: [[UInt8]],
        in arena: MessageArena
    ) throws(WireError) -> Hocket__V1__Choice {
        var fields: [ProtobufCBinaryData] = unsafe []
        for option in options { unsafe fields.append(try arena.copy(option)) }
        var record = unsafe Hocket__V1__Choice()
        unsafe hocket__v1__choice__init(&record)
        unsafe record.n_options = fields.count
        unsafe record.options = try arena.copy(fields)
        return unsafe record
    }
}
