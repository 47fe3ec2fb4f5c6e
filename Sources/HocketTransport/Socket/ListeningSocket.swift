/// A bound socket, and the claim on its path that ends with it.
package struct ListeningSocket: Sendable {
    /// The socket, for whoever listens on it to close.
    package let descriptor: CInt
    /// The claim on the path; nil for a socket that somebody else bound.
    let claim: SocketClaim?

    /// Gives the path back.
    ///
    /// A socket that the service manager made stays: clients that come before the next start wait.
    package func release() {
        claim?.release()
    }
}
