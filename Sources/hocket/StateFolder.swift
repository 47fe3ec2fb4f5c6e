import Glibc

/// Where the router keeps what outlives it unless told otherwise.
struct StateFolder {
    let path: String

    /// A service's own folder, `$XDG_STATE_HOME/hocket` or `~/.local/state/hocket` for a user
    /// (XDG Base Directory Specification 0.8), `/var/lib/hocket` for root.
    ///
    /// A service manager says with `STATE_DIRECTORY` which folder it made (systemd.exec(5)).
    static var standard: StateFolder {
        if let folder = variable("STATE_DIRECTORY") { return StateFolder(path: folder) }
        if let folder = variable("XDG_STATE_HOME") { return StateFolder(path: folder + "/hocket") }
        if geteuid() != 0, let home = variable("HOME") {
            return StateFolder(path: home + "/.local/state/hocket")
        }
        return StateFolder(path: "/var/lib/hocket")
    }

    /// Where responses are kept.
    var responses: String { path + "/responses.sqlite" }

    private static func variable(_ name: String) -> String? {
        let value = unsafe getenv(name).map { unsafe String(cString: $0) } ?? ""
        return value.isEmpty ? nil : value
    }
}
