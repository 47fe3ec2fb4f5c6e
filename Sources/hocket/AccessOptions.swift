import ArgumentParser
import Configuration
import HocketHTTP

/// Who may ask the router.
struct AccessOptions: ParsableArguments {
    @Option(help: "A file of API keys, one a line. [none: all may ask]")
    var apiKeys: String?

    @Option(help: "An origin whose web pages may ask, or '*'; repeatable. [none]")
    var corsOrigin: [String] = []

    /// The access that holds, each part from the flag, the environment, or the file.
    func resolved(_ reader: ConfigReader) throws -> AccessSettings {
        let path = apiKeys ?? reader.string(forKey: "apiKeys")
        let origins =
            corsOrigin.isEmpty
            ? reader.stringArray(forKey: "corsOrigins", default: []) : corsOrigin
        guard let policy = CrossOriginPolicy(origins: origins) else {
            throw ValidationError(
                "--cors-origin is '*' or an origin such as https://example.org, without a path."
            )
        }
        return AccessSettings(
            keyFile: path.map(APIKeyFile.init),
            crossOrigins: origins.isEmpty ? nil : policy
        )
    }
}

/// Who may ask, as far as the command line tells.
struct AccessSettings {
    /// The file of the keys of which one must be shown; nil if nobody needs any.
    var keyFile: APIKeyFile?
    /// The web pages that may ask; nil for none.
    var crossOrigins: CrossOriginPolicy?
}
