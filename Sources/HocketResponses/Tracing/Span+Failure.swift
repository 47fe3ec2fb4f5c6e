import Tracing

extension Tracing.Span {
    /// Says that it did not go well, by the kind of error and not by its words, which may quote
    /// what was said.
    func fail(_ kind: String) {
        updateAttributes { $0["error.type"] = kind }
        setStatus(SpanStatus(code: .error))
    }
}
