import HocketHTTP
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the API keys again at each SIGHUP.
///
/// A file that cannot be used changes nothing: nobody is locked out, nor let in, by a slip.
struct APIKeyReload: Service {
    let file: APIKeyFile
    let ring: APIKeyRing
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { reload() }
    }

    private func reload() {
        do throws(APIKeyError) {
            let keys = try file.keys()
            ring.replace(with: keys)
            logger.info("API keys were read again", metadata: ["keys": "\(keys.count)"])
        } catch {
            logger.error("the API keys stay as they were", metadata: ["error": "\(error)"])
        }
    }
}
