/// The number of a token in the ``Vocabulary``: a row of the model's embedding.
public typealias TokenID = UInt32
