/// Something to look at when its owner should be gone.
package final class Life: Sendable {
    package init() {}

    package struct Reference: Sendable {
        private weak let life: Life?

        package init(_ life: Life) { self.life = life }

        package var isOver: Bool { life == nil }
    }
}
