import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

struct StreamTableTests {
    private static func table(_ ids: [StreamID]) -> StreamTable<String> {
        var table = StreamTable<String>()
        for id in ids { table.append("\(id)", for: id) }
        return table
    }

    @Test
    func findsEveryStreamInEveryOrder() {
        let ids: [StreamID] = [1, 3, 7, 9, 21]
        for first in ids {
            for second in ids {
                var table = Self.table(ids)
                for id in [first, second] {
                    #expect(table.index(of: id).map { table.elements[$0] } == "\(id)")
                }
            }
        }
    }

    @Test(arguments: [StreamID](arrayLiteral: 5, 11, 23))
    func findsNoStreamThatIsNotThere(id: StreamID) {
        var table = Self.table([7, 9, 21])
        #expect(table.index(of: id) == nil)
        #expect(table.remove(id) == nil)
    }

    @Test
    func findsTheOthersAfterOneIsTakenOut() {
        var table = Self.table([1, 3, 5, 7])
        #expect(table.index(of: 5) == 2)
        #expect(table.remove(3) == "3")
        #expect(table.index(of: 7).map { table.elements[$0] } == "7")
        #expect(table.index(of: 1).map { table.elements[$0] } == "1")
        #expect(table.index(of: 5).map { table.elements[$0] } == "5")
        #expect(table.count == 3)
    }

    @Test
    func takesOutWhatAConditionHoldsOf() {
        var table = Self.table([1, 3, 5, 7])
        #expect(table.removeAll { id, _ in id > 3 } == ["5", "7"])
        #expect(table.index(of: 3).map { table.elements[$0] } == "3")
        #expect(table.count == 2)
    }

    @Test
    func findsWhatADictionaryFinds() {
        let randomness = SeededRandomness(seed: 7)
        var (table, model) = (StreamTable<UInt32>(), [StreamID: UInt32]())
        for number in 1...10_000 as ClosedRange<UInt32> {
            guard let new = StreamID(rawValue: number),
                let some = StreamID(rawValue: UInt32(randomness.next() % UInt64(number + 1)))
            else { return }
            if randomness.next().isMultiple(of: 2) {
                table.append(number, for: new)
                model[new] = number
            }
            #expect(table.index(of: some).map { table.elements[$0] } == model[some])
            if randomness.next().isMultiple(of: 2) {
                #expect(table.remove(some) == model.removeValue(forKey: some))
            }
        }
        #expect(table.count == model.count)
    }
}
