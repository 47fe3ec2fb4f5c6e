// Encodes or decodes the text on standard input again and again, for scripts that measure the
// time from outside: `HarmonyThroughput encode|decode|summary ROUNDS < TEXT`.

let arguments = CommandLine.arguments
let rounds = arguments.count == 3 ? Int(arguments[2]) : nil
let workload = Workload()

switch (arguments.dropFirst().first, rounds) {
case ("encode", let rounds?): workload.encode(rounds: rounds)
case ("decode", let rounds?): try workload.decode(rounds: rounds)
case ("summary", nil): print(workload.summary())
default: print("usage: HarmonyThroughput (encode | decode) ROUNDS | summary < TEXT")
}
