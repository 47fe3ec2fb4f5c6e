extension StringProtocol {
    /// The words in small letters: `getWeather_now` has three.
    var words: [String] {
        var words: [String] = [""]
        var wasSmall = false
        for character in self {
            let startsWord = character.isUppercase && wasSmall
            wasSmall = character.isLowercase
            if !character.isLetter && !character.isNumber || startsWord { words.append("") }
            guard character.isLetter || character.isNumber else { continue }
            words[words.count - 1] += character.lowercased()
        }
        return words.filter { !$0.isEmpty }
    }
}
