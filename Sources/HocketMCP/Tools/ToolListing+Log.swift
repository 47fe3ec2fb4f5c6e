import HocketEngine
import Logging

extension ToolListing {
    /// So many of the tools that were left out are named in the log; servers decide how many
    /// there are.
    private static let namedMax = 8
    /// How many bytes of a name or of a reason the log gets.
    private static let loggedBytesMax = 64

    /// What the log is told of the tools that were left out.
    var rejectedMetadata: Logger.Metadata {
        let named = rejected.prefix(Self.namedMax).map { tool in
            Logger.Metadata.Value.string(
                "\(Self.logged(tool.name)): \(Self.logged(tool.reason))"
            )
        }
        return ["count": "\(rejected.count)", "tools": .array(named)]
    }

    /// A schema's keys are part of some reasons, so those are not our own words alone.
    private static func logged(_ text: String) -> String {
        text.cut(toBytes: loggedBytesMax).shownInTerminal
    }
}
