extension ItemPage {
    /// Which page of a list is wanted.
    public struct Selection: Hashable, Sendable {
        /// In which direction a list is read.
        public enum Order: String, Hashable, Sendable {
            /// The oldest first.
            case ascending = "asc"
            /// The newest first.
            case descending = "desc"
        }

        /// The most items a page may have.
        public static let itemsMaxRange = 1...100

        /// The most items of the page.
        public var itemsMax = 20
        /// The direction.
        public var order = Order.descending
        /// The last item of the page before; nil for the first page.
        public var after: String?

        /// Selects the first page.
        public init() {}

        /// Reads a query.
        ///
        /// - Parameter parameter: The value of a query's parameter, nil where it is absent.
        /// - Throws: ``APIError`` with status 400 that names the parameter at fault.
        public init(query parameter: (String) -> String?) throws(APIError) {
            if let text = parameter("limit") { itemsMax = try Self.itemsMax(text) }
            if let text = parameter("order") { order = try Self.order(text) }
            after = parameter("after")
        }

        private static func itemsMax(_ text: String) throws(APIError) -> Int {
            guard let number = Int(text), itemsMaxRange.contains(number) else {
                let (least, most) = (itemsMaxRange.lowerBound, itemsMaxRange.upperBound)
                throw .invalidValue("limit", "it must be \(least) to \(most), and is '\(text)'.")
            }
            return number
        }

        private static func order(_ text: String) throws(APIError) -> Order {
            guard let order = Order(rawValue: text) else {
                throw .invalidChoice("order", text, of: ["asc", "desc"])
            }
            return order
        }
    }
}
