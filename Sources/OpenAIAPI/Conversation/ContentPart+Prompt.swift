import Harmony

extension [ContentPart] {
    /// The parts as one text, one below the other.
    var promptText: String { map(\.promptText).joined(separator: "\n") }
}

extension ContentPart {
    /// The part as the model is shown it.
    ///
    /// It cannot see images or open files, so it is told that they are there.
    fileprivate var promptText: String {
        switch self {
        case .inputText(let text), .outputText(let text, _), .refusal(let text): text
        case .inputImage: "[An image is attached here, which this model cannot see.]"
        case .inputFile(let file):
            if let name = file["filename"]?.string {
                "[The file '\(name)' is attached here, which this model cannot open.]"
            } else {
                "[A file is attached here, which this model cannot open.]"
            }
        }
    }
}
