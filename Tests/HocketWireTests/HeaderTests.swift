import HocketWire
import NIOCore
import Testing

/// Everything that is refused on the strength of a preface or a header alone.
@Suite struct HeaderTests {
    @Test(arguments: ["G", "HTTP", "HOCk", "\u{16}\u{3}\u{1}", "hock", "\n"])
    func strangersAreRecognisedByTheirFirstBytes(text: String) {
        #expect(error(of: Array(text.utf8)) == .prefaceInvalid)
    }

    @Test func prefaceOfAnotherMajorIsRefused() {
        let other: [UInt8] = [0x48, 0x4F, 0x43, 0x4B, 2]
        #expect(error(of: other) == .versionUnsupported)
    }

    @Test func prefaceOfAnyMinorIsTaken() throws {
        var decoder = FrameDecoder(receiver: .worker)
        decoder.append(ByteBuffer(bytes: [0x48, 0x4F, 0x43, 0x4B, 1, 250, 0x0D, 0x0A]))
        #expect(try decoder.next() == nil)
        #expect(decoder.preface == Preface(major: 1, minor: 250))
    }

    @Test func prefaceWithoutItsLineEndIsRefused() {
        #expect(error(of: [0x48, 0x4F, 0x43, 0x4B, 1, 0, 0x0A]) == .prefaceInvalid)
    }

    @Test func firstFrameIsHello() throws {
        let status = try Golden.bytes("status")
        #expect(error(of: preface + status) == .frameUnexpected)
        #expect(error(of: preface + Array(status.prefix(16))) == .frameUnexpected)
        #expect(error(of: try preface + Golden.bytes("connection-error")) == nil)
    }

    @Test func reservedBitsAreZero() {
        #expect(error(of: preface + frameBytes(type: 1, flags: 2)) == .headerInvalid)
        #expect(error(of: preface + frameBytes(type: 1, flags: 0x81)) == .headerInvalid)
        #expect(error(of: preface + frameBytes(type: 1, reserved: 1)) == .headerInvalid)
        #expect(error(of: preface + frameBytes(type: 1, reserved: 0x8000)) == .headerInvalid)
    }

    @Test func messageFitsTheBody() {
        let header = frameBytes(type: 1, length: 9, messageLength: 10)
        #expect(error(of: preface + header) == .headerInvalid)
    }

    @Test func onlySubmitHasATail() {
        for type in FrameType.allCases where type != .submit {
            let sender: Role = type.maySend(.worker) ? .worker : .router
            let stream = [0, 1, 2].first {
                type.belongs(on: .router($0), from: sender)
            }
            let frame = frameBytes(type: type.rawValue, stream: stream ?? 0, tail: [1, 2, 3, 4])
            let greeting = type == .hello ? preface : preface + emptyHello
            #expect(error(of: greeting + frame, receiver: sender.peer) == .headerInvalid)
        }
    }

    @Test(arguments: FrameType.allCases)
    func directionAndStreamAreChecked(type: FrameType) {
        for sender in Role.allCases {
            for stream: UInt32 in [0, 1, 2, 0x7FFF_FFFF, 0x8000_0001] {
                let frame = frameBytes(type: type.rawValue, stream: stream)
                let greeting = type == .hello ? preface : preface + emptyHello
                let belongs = StreamID(rawValue: stream).map { type.belongs(on: $0, from: sender) }
                let expected: WireError.Code? =
                    if !type.maySend(sender) {
                        .frameUnexpected
                    } else {
                        belongs == true ? nil : .headerInvalid
                    }
                #expect(
                    error(of: greeting + frame, receiver: sender.peer) == expected,
                    "\(sender) sends \(type) on \(stream)"
                )
            }
        }
    }

    @Test func streamsBelongToTheirOpener() {
        #expect(StreamID.connection.opener == nil)
        #expect(StreamID.firstOfRouter.opener == .router)
        #expect(StreamID.firstOfWorker.opener == .worker)
        #expect(StreamID.firstOfRouter.next == .router(3))
        #expect(StreamID.router(StreamID.rawValueMax).next == nil)
        #expect(StreamID(rawValue: StreamID.rawValueMax + 1) == nil)
    }
}
