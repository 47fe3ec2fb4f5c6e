/// Does several things at the same time and tells of each in its order, as soon as it and all
/// those before it are done.
///
/// - Parameters:
///   - count: How many things there are.
///   - work: Does one.
///   - begin: Called when it is a thing's turn to be told of, done or not.
///   - end: Called with its result.
func inOrder<Result: Sendable>(
    _ count: Int,
    work: @escaping @Sendable (Int) async -> Result,
    begin: (Int) async -> Void = { _ in },
    end: (Int, Result) async -> Void
) async {
    await withTaskGroup(of: (Int, Result).self) { group in
        for index in 0..<count {
            group.addTask { (index, await work(index)) }
        }
        var results: [Int: Result] = [:]
        for index in 0..<count {
            await begin(index)
            while results[index] == nil, let (index, result) = await group.next() {
                results[index] = result
            }
            if let result = results.removeValue(forKey: index) { await end(index, result) }
        }
    }
}
