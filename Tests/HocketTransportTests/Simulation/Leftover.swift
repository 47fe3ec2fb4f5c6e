/// Something that must be gone at the end.
struct Leftover {
    let name: String
    weak var object: AnyObject?
}
