/// What a model writes in one round.
enum Says {
    static func call(_ name: String, _ arguments: String = "{}") -> String {
        "<|channel|>commentary to=functions.\(name) <|constrain|>json<|message|>\(arguments)<|call|>"
    }

    static func answer(_ text: String) -> String {
        "<|channel|>final<|message|>\(text)<|return|>"
    }

    static func thought(_ text: String) -> String {
        "<|channel|>analysis<|message|>\(text)<|end|><|start|>assistant"
    }
}
