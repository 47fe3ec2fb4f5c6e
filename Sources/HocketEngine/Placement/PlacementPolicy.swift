/// How a worker is chosen among those that serve a model and have room.
public enum PlacementPolicy: String, Hashable, Sendable, CaseIterable {
    /// The one whose load, with the sampling, is the smallest share of its size and weight.
    case leastLoaded = "least-loaded"
    /// The less loaded of two drawn at random, by their sizes and weights.
    case powerOfTwoChoices = "power-of-two"
    /// One after the other, in order of arrival, as often as their weights say.
    case roundRobin = "round-robin"
    /// The one that has the session or the longest part of the prompt in its cache, unless its
    /// load outweighs that; else the least loaded.
    case prefixAffine = "prefix-affine"
}
