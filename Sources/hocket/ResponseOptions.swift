import ArgumentParser
import Configuration
import HocketResponses
import HocketStore
import NIOCore

/// How long responses may take, how many are made in the background, and how much is kept of them.
struct ResponseOptions: ParsableArguments {
    /// A hundred years.
    private static let daysMax = 36_500

    @Option(
        help: """
            How many seconds a response may take, waiting and tools included, one in the \
            background from its start; 0 for as long as it takes. [3600]
            """
    )
    var responseTimeout: Int?

    @Option(help: "The most responses that are made in the background at a time. [64]")
    var backgroundMax: Int?

    @Option(
        help: """
            The most background responses that wait for their turn, and the most that wait for a \
            worker. [256]
            """
    )
    var backgroundWaitingMax: Int?

    @Option(help: "The most responses that are kept. [100000; in memory 1000]")
    var storeResponsesMax: Int?

    @Option(help: "The most bytes of responses that are kept. [1073741824; in memory 67108864]")
    var storeBytesMax: Int?

    @Option(help: "How many days a response is kept. [30]")
    var storeDaysMax: Int?

    @Option(help: "The most conversations that are kept. [10000]")
    var conversationsMax: Int?

    @Option(help: "The most bytes of conversations that are kept. [268435456]")
    var conversationsBytesMax: Int?

    /// The settings that hold, each from the flag, the environment, or the file.
    ///
    /// - Parameter place: where responses are kept.
    func resolved(
        _ reader: ConfigReader,
        in place: StorePlace
    ) throws -> ResponseSettings {
        var settings = ResponseSettings(place: place)
        let seconds = responseTimeout ?? reader.int(forKey: "responseTimeout")
        if let seconds {
            guard 0...Int(Int32.max) ~= seconds else {
                throw ValidationError("--response-timeout is 0 to \(Int32.max), not \(seconds).")
            }
            settings.timeout = seconds == 0 ? nil : .seconds(Int64(seconds))
        }
        settings.background = BackgroundLimits(
            runningMax: try reader.count(backgroundMax, "backgroundMax", "--background-max", 64),
            waitingMax: try reader.count(
                backgroundWaitingMax,
                "backgroundWaitingMax",
                "--background-waiting-max",
                256
            )
        )
        try setStore(&settings, reader)
        return settings
    }

    private func setStore(_ settings: inout ResponseSettings, _ reader: ConfigReader) throws {
        try reader.set(
            &settings.store.responsesMax,
            storeResponsesMax,
            "storeResponsesMax",
            "--store-responses-max"
        )
        try reader.set(
            &settings.store.bytesMax,
            storeBytesMax,
            "storeBytesMax",
            "--store-bytes-max"
        )
        let standardDays = settings.store.ageSecondsMax / 86_400
        let days = try reader.count(
            storeDaysMax,
            "storeDaysMax",
            "--store-days-max",
            standardDays
        )
        guard days <= Self.daysMax else {
            throw ValidationError("--store-days-max is at most \(Self.daysMax), not \(days).")
        }
        settings.store.ageSecondsMax = 86_400 * days
        try reader.set(
            &settings.conversations.conversationsMax,
            conversationsMax,
            "conversationsMax",
            "--conversations-max"
        )
        try reader.set(
            &settings.conversations.bytesMax,
            conversationsBytesMax,
            "conversationsBytesMax",
            "--conversations-bytes-max"
        )
    }
}

/// How responses are made and kept, checked.
struct ResponseSettings {
    /// Where responses are kept.
    var place: StorePlace
    /// How long a response may take; nil for as long as it takes.
    var timeout: TimeAmount? = .seconds(3600)
    var background = BackgroundLimits()
    var store: StoreLimits
    var conversations = ConversationLimits()

    /// The standard settings; what is kept in memory is little, for a conversation that goes on and
    /// not as an archive.
    init(place: StorePlace) {
        self.place = place
        store =
            switch place {
            case .memory: StoreLimits(responsesMax: 1000, bytesMax: 64 << 20)
            case .file: StoreLimits()
            }
    }
}
