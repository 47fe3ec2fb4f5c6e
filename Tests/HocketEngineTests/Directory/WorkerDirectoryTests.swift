import HocketTesting
import HocketWire
import NIOCore
import Testing

@testable import HocketEngine

/// Who is attached, who replaces whom, and who takes the next sampling.
///
/// Connections are names.
@Suite struct WorkerDirectoryTests {
    private var directory = WorkerDirectory<String>()

    // MARK: Coming and going

    @Test mutating func startsEmptyAndNotReady() {
        #expect(!directory.isReady)
        #expect(directory.models.isEmpty)
        #expect(directory.samplingArrived(for: "m") == .noWorkers)
    }

    @Test mutating func numbersWorkersInOrderOfArrival() {
        #expect(arrive("a") == .registered(w(1), replacing: nil))
        #expect(arrive("b") == .registered(w(2), replacing: nil))
        directory.workerLeft(w(1))
        #expect(arrive("a") == .registered(w(3), replacing: nil))
        #expect(directory.workerCount == 2)
        #expect("\(w(3))" == "w3")
    }

    @Test mutating func higherGenerationReplacesLower() {
        _ = arrive("a", generation: 1, over: "old")
        #expect(
            arrive("a", generation: 2, over: "new") == .registered(w(2), replacing: "old")
        )
        #expect(directory.workerCount == 2)
        #expect(directory.samplingArrived(for: "m") == .placed(w(2), "new"))
        directory.workerLeft(w(1))
        #expect(directory.workerCount == 1)
    }

    @Test(arguments: [0, 3] as [UInt64])
    func lowerGenerationIsTurnedAwayForGood(generation: UInt64) {
        var directory = directory
        _ = directory.workerArrived(.example("a", generation: 4), over: "old")
        #expect(
            directory.workerArrived(.example("a", generation: generation), over: "new")
                == .outdated(newest: 4)
        )
        #expect(directory.workerCount == 1)
        #expect(directory.samplingArrived(for: "m") == .placed(w(1), "old"))
    }

    @Test mutating func equalGenerationOfAnotherProcessMayComeAgain() {
        // The end of the old connection may be on its way.
        _ = directory.workerArrived(.example("a", instance: 1), over: "old")
        #expect(
            directory.workerArrived(.example("a", instance: 2), over: "new")
                == .nameTaken(generation: 1)
        )
        directory.workerLeft(w(1))
        #expect(
            directory.workerArrived(.example("a", instance: 2), over: "new")
                == .registered(w(2), replacing: nil)
        )
    }

    @Test mutating func processThatDialsAgainReplacesItsOwnConnection() {
        _ = directory.workerArrived(.example("a", instance: 1), over: "old")
        #expect(
            directory.workerArrived(.example("a", instance: 1), over: "new")
                == .registered(w(2), replacing: "old")
        )
        #expect(directory.samplingArrived(for: "m") == .placed(w(2), "new"))
    }

    @Test mutating func attachedWorkersHaveAMaximum() {
        for number in 0..<WorkerDirectory<String>.workersMax { _ = arrive("a\(number)") }
        #expect(arrive("b") == .full)
        directory.workerLeft(w(1))
        #expect(arrive("b") == .registered(w(257), replacing: nil))
    }

    @Test mutating func nameOfDrainingWorkerIsFree() {
        _ = arrive("a", generation: 4)
        directory.workerStartedDraining(w(1))
        #expect(arrive("a", generation: 1) == .registered(w(2), replacing: nil))
    }

    @Test mutating func nameOfWorkerThatLeftIsFree() {
        _ = arrive("a", generation: 4)
        directory.workerLeft(w(1))
        #expect(arrive("a", generation: 4) == .registered(w(2), replacing: nil))
    }

    @Test mutating func threeGenerationsReplaceEachOther() {
        _ = arrive("a", generation: 1, over: "one")
        _ = arrive("a", generation: 2, over: "two")
        #expect(
            arrive("a", generation: 3, over: "three") == .registered(w(3), replacing: "two")
        )
        #expect(arrive("a", generation: 2, over: "late") == .outdated(newest: 3))
    }

    @Test mutating func drainingWorkerTakesNothingNew() {
        _ = arrive("a")
        directory.workerStartedDraining(w(1))
        #expect(!directory.isReady)
        #expect(directory.models.isEmpty)
        #expect(directory.samplingArrived(for: "m") == .noWorkers)
        #expect(directory.workerCount == 1)
    }

    @Test mutating func newsOfWorkersThatLeftIsIgnored() {
        _ = arrive("a")
        _ = directory.samplingArrived(for: "m")
        directory.workerLeft(w(1))
        directory.samplingEnded(on: w(1))
        directory.workerStartedDraining(w(1))
        directory.workerLeft(w(1))
        #expect(directory.workerCount == 0)
    }

    // MARK: Models

    @Test mutating func listsModelsByNameWithTheShortestContext() {
        _ = arrive("a", models: ["z": 100, "m": 100])
        _ = arrive("b", models: ["m": 50])
        #expect(
            directory.models == [
                ModelDescription(name: "m", contextTokensMax: 50),
                ModelDescription(name: "z", contextTokensMax: 100),
            ]
        )
        directory.workerStartedDraining(w(2))
        #expect(directory.models.first == ModelDescription(name: "m", contextTokensMax: 100))
    }

    @Test mutating func saysWhenNobodyServesTheModel() {
        _ = arrive("a")
        #expect(directory.samplingArrived(for: "other") == .modelUnknown)
        #expect(!directory.hasRoom(for: "other"))
    }

    // MARK: Placement

    @Test mutating func placesOnTheLeastLoadedWorker() {
        _ = arrive("a", over: "A")
        _ = arrive("b", over: "B")
        #expect(directory.samplingArrived(for: "m") == .placed(w(1), "A"))
        #expect(directory.samplingArrived(for: "m") == .placed(w(2), "B"))
        #expect(directory.samplingArrived(for: "m") == .placed(w(1), "A"))
        directory.samplingEnded(on: w(2))
        #expect(directory.samplingArrived(for: "m") == .placed(w(2), "B"))
        #expect(directory.samplingArrived(for: "m") == .placed(w(2), "B"))
    }

    @Test mutating func loadCountsAsShareOfWhatAWorkerTakes() {
        _ = arrive("small", over: "S", streamsMax: 2)
        _ = arrive("large", over: "L", streamsMax: 6)
        var placed: [String: Int] = [:]
        for _ in 0..<8 {
            guard case .placed(_, let name) = directory.samplingArrived(for: "m") else { break }
            placed[name, default: 0] += 1
        }
        #expect(placed == ["S": 2, "L": 6])
    }

    @Test mutating func saysWhenEveryWorkerIsFull() {
        _ = arrive("a", streamsMax: 1)
        _ = arrive("b", streamsMax: 1)
        _ = directory.samplingArrived(for: "m")
        _ = directory.samplingArrived(for: "m")
        #expect(directory.samplingArrived(for: "m") == .allBusy(runningStreams: 2))
        #expect(!directory.hasRoom(for: "m"))
        directory.samplingEnded(on: w(1))
        #expect(directory.hasRoom(for: "m"))
    }

    @Test mutating func placesOnlyWhereTheModelIsServed() {
        _ = arrive("a", over: "A", models: ["m": 10])
        _ = arrive("b", over: "B", models: ["n": 10])
        for _ in 0..<3 { #expect(directory.samplingArrived(for: "n") == .placed(w(2), "B")) }
    }

    // MARK: Helpers

    private func w(_ number: UInt64) -> WorkerID { WorkerID(rawValue: number) }

    private mutating func arrive(
        _ name: String,
        generation: UInt64 = 1,
        over connection: String = "",
        models: [String: Int] = ["m": 100],
        streamsMax: Int = 8
    ) -> WorkerDirectory<String>.OnRegister {
        directory.workerArrived(
            .example(name, generation: generation, models: models, streamsMax: streamsMax),
            over: connection
        )
    }
}

extension WorkerRegistration {
    static func example(
        _ name: String,
        instance: UInt128 = 1,
        generation: UInt64 = 1,
        models: [String: Int] = ["m": 100],
        streamsMax: Int = 8,
        receivedAt: NIODeadline = .uptimeNanoseconds(0)
    ) -> WorkerRegistration {
        WorkerRegistration(
            name: name,
            instanceID: InstanceID(rawValue: instance),
            generation: generation,
            models: models.map { ModelDescription(name: $0.key, contextTokensMax: $0.value) },
            streamsMax: streamsMax,
            receivedAt: receivedAt
        )
    }
}
