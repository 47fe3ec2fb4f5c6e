/// Something a response holds only when it is asked for (`include`).
public enum IncludeField: String, Hashable, Sendable, CaseIterable {
    /// Results of file searches.
    case fileSearchResults = "file_search_call.results"
    /// Results of web searches.
    case webSearchResults = "web_search_call.results"
    /// Sources of web searches.
    case webSearchSources = "web_search_call.action.sources"
    /// Addresses of images in the input.
    case inputImageURL = "message.input_image.image_url"
    /// Addresses of screenshots.
    case computerOutputImageURL = "computer_call_output.output.image_url"
    /// What code printed.
    case codeInterpreterOutputs = "code_interpreter_call.outputs"
    /// The reasoning as only this server can read it, for callers that store nothing here.
    case encryptedReasoning = "reasoning.encrypted_content"
    /// How likely each token of the answer was.
    case outputTextLogprobs = "message.output_text.logprobs"
}
