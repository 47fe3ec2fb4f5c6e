import CHocketWire

extension Hello: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Hello) throws(WireError) {
        role = unsafe Role(rawValue: record.role.rawValue)
        minorMin = UInt8(clamping: unsafe record.minor_min)
        minorMax = UInt8(clamping: unsafe record.minor_max)
        let instance = unsafe try UInt128(field: record.instance_id, name: "instance_id")
        instanceID = InstanceID(rawValue: instance)
        name = unsafe try String(field: record.name)
        generation = unsafe record.generation
        build = unsafe try String(field: record.build)
        engine = unsafe try String(field: record.engine)
        capabilities = unsafe Capabilities(
            field: record.capabilities,
            count: record.n_capabilities
        )
        limits = unsafe PeerLimits(record.limits?.pointee ?? Hocket__V1__Limits())
        models = []
        for index in unsafe 0..<record.n_models {
            guard let model = unsafe record.models[index] else { continue }
            models.append(unsafe try ModelInfo(model.pointee))
        }
        vocabulary = unsafe try VocabularyIdentity(
            record.vocabulary?.pointee ?? Hocket__V1__Vocabulary()
        )
        schemaFingerprint = unsafe record.schema_fingerprint
        clock = unsafe PeerClock(record.clock?.pointee ?? Hocket__V1__Clock())
    }

    func record(in arena: MessageArena) throws(WireError) -> Hocket__V1__Hello {
        var record = unsafe Hocket__V1__Hello()
        unsafe hocket__v1__hello__init(&record)
        unsafe record.role = Hocket__V1__Role(role?.rawValue ?? 0)
        unsafe record.minor_min = UInt32(minorMin)
        unsafe record.minor_max = UInt32(minorMax)
        unsafe record.instance_id = try arena.copy(instanceID.rawValue.bytes)
        unsafe record.name = try arena.copy(name)
        unsafe record.generation = generation
        unsafe record.build = try arena.copy(build)
        unsafe record.engine = try arena.copy(engine)
        let capabilityField = capabilities.field
        unsafe record.n_capabilities = capabilityField.count
        unsafe record.capabilities = try arena.copy(capabilityField)
        unsafe record.limits = try arena.store(limits.record(in: arena))
        unsafe record.n_models = models.count
        unsafe record.models = try modelField(in: arena)
        unsafe record.vocabulary = try arena.store(vocabulary.record(in: arena))
        unsafe record.schema_fingerprint = schemaFingerprint
        unsafe record.clock = try arena.store(clock.record(in: arena))
        return unsafe record
    }

    private func modelField(
        in arena: MessageArena
    ) throws(WireError) -> UnsafeMutablePointer<UnsafeMutablePointer<Hocket__V1__Model>?>? {
        var pointers: [UnsafeMutablePointer<Hocket__V1__Model>?] = unsafe []
        for model in models {
            unsafe pointers.append(try arena.store(model.record(in: arena)))
        }
        return unsafe try arena.copy(pointers)
    }
}

extension PeerClock: @unsafe RecordConvertible {
    init(_ record: Hocket__V1__Clock) {
        self.init(
            monotonicNanoseconds: unsafe record.mono_ns,
            realNanoseconds: unsafe record.real_ns
        )
    }

    func record(in arena: MessageArena) -> Hocket__V1__Clock {
        var record = unsafe Hocket__V1__Clock()
        unsafe hocket__v1__clock__init(&record)
        unsafe record.mono_ns = monotonicNanoseconds
        unsafe record.real_ns = realNanoseconds
        return unsafe record
    }
}
