import HocketEngine
import Testing

@Suite
struct EventRunTests {
    @Test
    func keepsEveryEventApart() {
        let run = Sample.events(5..<12)
        #expect(run.count == 7)
        #expect(run.nextSequenceNumber == 12)
        for number in 5..<12 { #expect(Array(run[number]) == Sample.event(number)) }
        #expect(run.bytes == (5..<12).flatMap(Sample.event))
    }

    @Test
    func appendsARunThatContinuesIt() {
        var run = Sample.events(0..<3)
        run.append(Sample.events(3..<3))
        run.append(Sample.events(3..<9))
        #expect(run == Sample.events(0..<9))
    }

    @Test
    func takesPartFromAnyEvent() {
        let run = Sample.events(3..<9)
        for number in 3...9 {
            #expect(run.part(from: number, bytesMax: .max) == Sample.events(number..<9))
        }
        #expect(run.part(from: 40, bytesMax: .max) == EventRun(startingAt: 40))
    }

    @Test
    func partEndsWithTheEventThatReachesTheLimit() {
        let run = Sample.events(0..<9)
        for bytesMax in 0...run.bytes.count + 1 {
            let part = run.part(from: 2, bytesMax: bytesMax)
            let last = part.isEmpty ? 0 : part[part.nextSequenceNumber - 1].count
            #expect(part == Sample.events(2..<part.nextSequenceNumber))
            #expect(part.isEmpty == (bytesMax == 0))
            #expect(part.isEmpty || part.bytes.count - last < bytesMax)
            #expect(part.nextSequenceNumber == 9 || part.bytes.count >= bytesMax)
        }
    }

    @Test
    func mayHoldEventsWithoutBytes() {
        var run = EventRun.empty
        run.append([UInt8]().span)
        run.append([1].span)
        run.append([UInt8]().span)
        #expect(run.count == 3)
        #expect(run[0].isEmpty && run[2].isEmpty)
        #expect(run.part(from: 2, bytesMax: 9).count == 1)
    }

    @Test
    func isMadeOfItsPartsUnlessTheyContradict() {
        let run = Sample.events(4..<7)
        #expect(EventRun(startingAt: 4, bytes: run.bytes, ends: run.ends) == run)
        #expect(EventRun(startingAt: 4, bytes: run.bytes, ends: run.ends.dropLast()) == nil)
        #expect(EventRun(startingAt: 4, bytes: run.bytes, ends: run.ends.reversed()) == nil)
        #expect(EventRun(startingAt: 4, bytes: [], ends: [-1, 0]) == nil)
        #expect(EventRun(startingAt: 4, bytes: [1], ends: []) == nil)
    }
}
